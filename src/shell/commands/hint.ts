// `hint`: help with the exercise at hand, a little more each time.
import { Refusal } from '../../errors.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';

export const hintCommand: ShellCommand = {
  name: 'hint',
  group: 'learn',
  summary: 'help with the exercise at hand, a little more each time',
  examples: ['hint', 'hint'],
  seeAlso: ['check', 'next'],
  readsOnly: false,
  inScript: 'comment',
  declare: (command) => command,
  run(_input, { exercise: open }) {
    if (!open) return new Refusal('NOT_FOUND', 'no exercise is open', { hint: 'next' });
    const { hints } = open.exercise;
    const text = hints[open.hintsShown];
    if (text === undefined) {
      const message = hints.length === 0 ? 'this exercise has no hints' : 'there are no more hints';
      return new Refusal('NOT_FOUND', message, { hint: 'check --solution' });
    }
    open.hintsShown++;
    return shown({ hint: { number: open.hintsShown, of: hints.length, text } }, view);
  },
};

function view(
  { hint }: { readonly hint: { readonly number: number; readonly of: number; readonly text: string } },
  { style }: ViewContext,
): string {
  return `  ${style.bold(`hint ${hint.number} of ${hint.of}`)}  ${hint.text}\n`;
}
