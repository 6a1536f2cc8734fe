// Lessons as text: the list, an exercise to solve, and how far it is solved.
import type { Outcome } from '../../outcome.ts';
import { visible } from '../visible.ts';
import type { ViewContext } from './view.ts';

type Of<K extends Outcome['kind']> = Extract<Outcome, { kind: K }>;

export function viewLessons({ data }: Of<'lessons'>, { style }: ViewContext): string {
  const wide = Math.max(...data.lessons.map(({ name }) => name.length));
  const rows = data.lessons.map(({ name, about }) => `  ${style.bold(name.padEnd(wide))}  ${about}\n`);
  return `${rows.join('')}  ${style.dim('demo the-log plays one, demo the-log --step waits after each command')}\n`;
}

export function viewExercise({ data }: Of<'exercise'>, { style }: ViewContext): string {
  return (
    `  ${style.bold('exercise')}  ${visible(data.exercise.goal)}\n` +
    `  ${style.dim('in an empty shop, your own waits; check says how far you are, check --leave gives up')}\n`
  );
}

export function viewCheck({ data }: Of<'check'>, { style }: ViewContext): string {
  const { solved, left, lines } = data.check;
  const { check, cross } = style.sign;
  const rows = lines.map(({ line, ok, message }) =>
    ok
      ? `  ${style.good(check)} ${visible(line)}\n`
      : `  ${style.bad(cross)} ${visible(line)}  ${style.dim(visible(message ?? ''))}\n`,
  );
  if (solved) rows.push(`  ${style.good('solved')}: you are back in your own shop\n`);
  if (left) rows.push('  left unsolved: you are back in your own shop\n');
  return rows.join('');
}
