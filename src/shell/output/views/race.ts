// A race as two columns, in the order in which things happened; on a narrow screen, one below the other.
import type { Outcome } from '../../outcome.ts';
import { describeOrder } from '../describe.ts';
import { visible } from '../visible.ts';
import type { ViewContext } from './view.ts';

export function viewRace(
  { data }: Extract<Outcome, { kind: 'race' }>,
  { style, width = Infinity }: ViewContext,
): string {
  const { writers, steps, order } = data.race;
  const { check, cross } = style.sign;
  const cells = steps.map(({ writer, what, ok }) => {
    const mark = ok === undefined ? '' : ok ? `${check} ` : `${cross} `;
    return { writer, ok, text: `${mark}${visible(what)}` };
  });
  const headA = `writer A: ${visible(writers[0])}`;
  const headB = `writer B: ${visible(writers[1])}`;
  const left =
    Math.max(headA.length, ...cells.filter(({ writer }) => writer === 'A').map(({ text }) => text.length)) +
    2;
  const right = Math.max(
    headB.length,
    ...cells.filter(({ writer }) => writer === 'B').map(({ text }) => text.length),
  );
  const beside = left + right + 7 < width;

  const paint = ({ ok, text }: (typeof cells)[number]) =>
    ok === undefined ? text : ok ? style.good(text) : style.bad(text);
  const rows = cells.map((cell, index) => {
    const number = String(index + 1).padStart(3);
    if (!beside) return `${number}  ${cell.writer}  ${paint(cell)}\n`;
    return cell.writer === 'A'
      ? `${number}  ${paint(cell)}\n`
      : `${number}  ${' '.repeat(left)}${paint(cell)}\n`;
  });
  const head = beside
    ? `     ${style.bold(headA.padEnd(left))}${style.bold(headB)}\n`
    : `     ${headA}\n     ${headB}\n`;
  return `${head}${rows.join('')}${order ? `  ${describeOrder(order, style)}\n` : ''}`;
}
