// Has Mermaid parse the stored diagrams, and diagrams of random texts, from which it must read those texts.
// Called by mermaid.sh with the folder in which Mermaid and a DOM are installed.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Frame } from '../../src/shell/commands/frames.ts';
import { drawOrder } from '../../src/shell/commands/order-diagram.ts';
import { drawSaga } from '../../src/shell/commands/saga-diagram.ts';
import { createStyle } from '../../src/shell/output/style.ts';
import { visible } from '../../src/shell/output/visible.ts';
import { orderAfter, created, cancelled, stored } from '../given.ts';

const folder = process.argv[2] ?? '.';
const installed = (file: string) => join(folder, 'node_modules', file);
const { JSDOM } = createRequire(import.meta.url)(installed('jsdom'));
const { window } = new JSDOM('');
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import(pathToFileURL(installed('mermaid/dist/mermaid.core.mjs')).href);

/** The texts that Mermaid finds on the arrows and in the notes. */
async function textsIn(diagram: string): Promise<readonly string[]> {
  await mermaid.parse(diagram);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(diagram);
  const texts: string[] = db.getMessages
    ? db.getMessages().map(({ message }: { message: string }) => message)
    : db.getRelations().map(({ relationTitle }: { relationTitle: string }) => relationTitle);
  // So Mermaid keeps a number, until it draws it.
  return texts.map((text) =>
    text.replaceAll(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCodePoint(Number(code))),
  );
}

const style = await createStyle({ color: false, unicode: true });

function orderCancelled(reason: string): string {
  const facts = [created, { type: 'OrderCancelled', data: { reason, refundedAmount: 0 } } as const];
  const frames: Frame[] = stored(facts).map((event, at) => ({
    event,
    order: orderAfter(...facts.slice(0, at + 1)),
  }));
  return drawOrder('order-1', frames, style);
}

function sagaFailed(reason: string): string {
  const says: readonly (readonly [string, object])[] = [
    ['SagaStarted', { orderId: 'order-1' }],
    ['StepStarted', { step: 'shipping', key: 'saga-1:shipping' }],
    ['StepFailed', { step: 'shipping', reason }],
    [reason, {}],
  ];
  const events = says.map(([type, data], at) => ({
    ...stored([cancelled(0)])[0]!,
    type,
    data,
    version: at + 1,
  }));
  return drawSaga('saga-1', 'order-1', events);
}

const kept = fileURLToPath(new URL('diagrams', import.meta.url));
const files = readdirSync(kept).filter((name) => name.endsWith('.mmd'));
for (const file of files) {
  const texts = await textsIn(readFileSync(join(kept, file), 'utf8'));
  assert(texts.length > 1, file);
}

const ODD = [
  'end',
  'a;b',
  '#35;',
  '%%{init: {}}%%',
  '%% x',
  '<b>x</b>',
  '"',
  '`',
  ':::x',
  'style:a#b;',
  '---',
  '[*]',
  '\n',
  '👩‍💻',
  '⚠️',
];
const part = fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: 'binary', maxLength: 5 }));
const odd = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(' '));
const seed = Number(process.env['SEED'] ?? Date.now() % 0x7fffffff);
process.stdout.write(`random texts: SEED=${seed}\n`);
await fc.assert(
  fc.asyncProperty(odd, async (text) => {
    const seen = visible(text).replaceAll('\\u{200d}', '\u200d').replaceAll('\\u{fe0f}', '\ufe0f');
    const shown = Array.from(seen).slice(0, 40).join('').trim();
    const [, reason] = await textsIn(orderCancelled(text));
    assert(reason?.includes(shown), JSON.stringify({ text, reason }));
    const messages = await textsIn(sagaFailed(text));
    assert(
      messages.filter((message) => message.includes(shown)).length > 1,
      JSON.stringify({ text, messages }),
    );
  }),
  { seed, numRuns: 100 },
);
process.stdout.write(`Mermaid reads ${files.length} stored diagrams, and 100 random texts in two each\n`);
