// An order as a state diagram in Mermaid: the states that it went through, one after the other, and on each
// arrow the events that led there, by their versions.
import { summarize } from '../output/describe.ts';
import { mermaidText } from '../output/mermaid.ts';
import type { Style } from '../output/style.ts';
import type { Frame } from './frames.ts';

/** The diagram of an order, of its events and the states that they made. */
export function drawOrder(orderId: string, frames: readonly Frame[], style: Style): string {
  let text = `---\ntitle: "${mermaidText(orderId)}"\n---\nstateDiagram-v2\n`;
  let before = '[*]';
  for (const run of runsOf(frames)) {
    const [first, last] = [run[0]!.event, run.at(-1)!];
    const here = `v${last.event.version}`;
    const versions = run.length === 1 ? first.version : `${first.version}-${last.event.version}`;
    const says = run.length === 1 ? summarize(first, style) : `${run.length} times`;
    const label = `${versions} ${mermaidText(first.type)}<br/>${mermaidText(says)}`;
    text += `  state "${last.order.status}" as ${here}\n  ${before} --> ${here}: ${label}\n`;
    before = here;
  }
  return text;
}

// Events of a type that leave the status as it was have one arrow between them.
function runsOf(frames: readonly Frame[]): readonly (readonly Frame[])[] {
  const runs: Frame[][] = [];
  let turned = true;
  for (const [at, frame] of frames.entries()) {
    const before = frames[at - 1];
    const turns = before?.order.status !== frame.order.status;
    if (!turned && !turns && before.event.type === frame.event.type) runs.at(-1)!.push(frame);
    else runs.push([frame]);
    turned = turns;
  }
  return runs;
}
