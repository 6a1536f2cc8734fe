// Diagrams in Mermaid, beside the scripts that lead to them; `test/formats/mermaid.sh` has Mermaid parse them.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mermaidText } from '../../src/shell/output/mermaid.ts';
import { visible } from '../../src/shell/output/visible.ts';
import { orderlab } from '../program/program.ts';
import { drawSaga } from '../../src/shell/commands/saga-diagram.ts';
import { draw, last, openShop, run } from './shop.ts';
import '../seed.ts';

const folder = new URL('../formats/diagrams/', import.meta.url);
const names = readdirSync(folder).flatMap((name) => (name.endsWith('.txt') ? name.slice(0, -4) : []));
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');

describe('the diagram of', () => {
  test.each(names)('%s is as it was drawn before', async (name) => {
    const { stdout, status } = await orderlab(['--json'], read(`${name}.txt`));
    const { stream, mermaid } = JSON.parse(stdout.trim().split('\n').at(-1)!).diagram;
    expect([stream, mermaid, status]).toStrictEqual([
      name.startsWith('saga') ? 'saga-1' : 'order-1',
      read(`${name}.mmd`),
      0,
    ]);
  });

  test('items added one after the other has one arrow for them', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard', ...Array.from({ length: 500 }, () => 'add-item mouse'));
    const { outcome } = await last(session, 'diagram order-1');
    const text = await draw(outcome, 80);
    expect(text).toContain('v1 --> v501: 2-501 ItemAdded<br/>500 times\n');
    expect(text.match(/-->/g)).toHaveLength(2);
  });

  test('what the read models have not heard of is the log’s all the same', async () => {
    const session = await openShop();
    const { outcome } = await last(session, 'projections pause', 'place alice mouse', 'diagram order-1');
    expect(await draw(outcome, 80)).toContain('[*] --> v1: 1 OrderCreated');
  });

  test.each([
    ['diagram order-7', 'NOT_FOUND', 'there is no order order-7', 'place alice keyboard'],
    ['diagram saga-7', 'NOT_FOUND', 'there is no saga saga-7', 'sagas'],
    ['diagram', 'USAGE', 'too few arguments: diagram <order|saga>', 'help diagram'],
  ])('%s is %s', async (line, code, message, hint) => {
    expect((await last(await openShop(), line)).error).toMatchObject({ code, message, hint });
  });

  test('a saga whose log no rule guarded is drawn as far as it says anything', () => {
    const events = ['SagaStarted', 'StepStarted', 'Stranger: --> x', 'StepFailed'].map((type, at) => ({
      type,
      version: at + 1,
      data: at === 3 ? { step: 'postage', reason: 7 } : null,
    }));
    expect(drawSaga('saga-1', 'order-1', events as never)).toContain(
      [
        '  Note over O: 1 started ',
        '  Note over O: 2 StepStarted',
        '  Note over O: 3 Stranger#58; --#62; x',
        '  Note over O: 4 StepFailed',
        '  Note over O: no end yet, it crashed here or is under way\n',
      ].join('\n'),
    );
  });
});

/** What Mermaid makes of the numbers. */
function decoded(text: string): string {
  return text.replaceAll(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

describe('text in a diagram', () => {
  test('is plain, and reads back as what can be seen of it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string()), (text) => {
        const written = mermaidText(text);
        expect(written).toMatch(/^(?:[A-Za-z0-9 .,$@/()-]|#\d+;)*$/);
        const joiners = (shown: string) => shown.replaceAll('‍', '\\u{200d}').replaceAll('️', '\\u{fe0f}');
        const seen = Array.from(visible(text));
        if (seen.length <= 80) expect(joiners(decoded(written))).toBe(seen.join(''));
      }),
    );
  });

  test('keeps emoji together, tells what cannot be seen, hides passwords, and is cut where it is long', () => {
    expect(decoded(mermaidText('👩‍💻 ⚠️'))).toBe('👩‍💻 ⚠️');
    expect(decoded(mermaidText('a\nb\u202e'))).toBe('a\\u{a}b\\u{202e}');
    expect(decoded(mermaidText('postgres://me:secret@host/shop'))).not.toContain('secret');
    expect(decoded(mermaidText('x'.repeat(81)))).toBe(`${'x'.repeat(80)}…`);
  });
});

test('a diagram alone is on stdout, also after what was placed for it', async () => {
  const { stdout } = await orderlab(['-q', '--echo'], read('order.txt'));
  expect(stdout).toContain(`orderlab> diagram order-1\n${read('order.mmd')}`);
});
