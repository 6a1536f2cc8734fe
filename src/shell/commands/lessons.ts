// `lessons`: what there is to learn, a sentence each.
import type { ShellCommand } from './command.ts';
import { LESSONS } from '../teaching/lessons.ts';
import { shown } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';

export const lessonsCommand: ShellCommand = {
  name: 'lessons',
  group: 'learn',
  summary: 'the lessons, a sentence each',
  examples: ['lessons', 'demo the-log'],
  seeAlso: ['demo', 'check'],
  readsOnly: true,
  declare: (command) => command,
  run: () => shown({ lessons: LESSONS.map(({ name, about }) => ({ name, about })) }, view),
};

function view(
  data: { readonly lessons: readonly { readonly name: string; readonly about: string }[] },
  { style }: ViewContext,
): string {
  const wide = Math.max(...data.lessons.map(({ name }) => name.length));
  const rows = data.lessons.map(({ name, about }) => `  ${style.bold(name.padEnd(wide))}  ${about}\n`);
  return `${rows.join('')}  ${style.dim('demo the-log plays one, demo the-log --step waits before each command')}\n`;
}
