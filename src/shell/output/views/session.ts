// The shell itself as text: help and settings.
import type { Outcome } from '../../outcome.ts';
import type { ViewContext } from './view.ts';

type Of<K extends Outcome['kind']> = Extract<Outcome, { kind: K }>;

export function viewHelp({ data }: Of<'help'>, { style, width }: ViewContext): string {
  const { usage, text = [], sections } = data.help;
  const labels = Math.max(0, ...sections.flatMap(({ rows }) => rows.map(([label]) => label.length)));
  const titles = Math.max(0, ...sections.map(({ title }) => title.length));
  let page = usage === undefined ? '' : `  ${style.dim('usage:')} ${usage}\n`;
  for (const line of text) page += `  ${line}\n`;
  for (const { title, rows } of sections) {
    rows.forEach(([label, meaning], row) => {
      const heading = (row === 0 ? title : '').padEnd(titles);
      const start = `  ${style.dim(heading)}  ${meaning === '' ? label : label.padEnd(labels)}`;
      const room = (width ?? Infinity) - titles - labels - 7;
      // Where there is no room beside it, a meaning stands below.
      page +=
        meaning === '' || room >= 24
          ? `${start}  ${meaning}`.trimEnd()
          : `${start.trimEnd()}\n      ${meaning}`;
      page += '\n';
    });
  }
  return page;
}

export function viewSettings({ data }: Of<'set'>): string {
  const entries = Object.entries(data.settings);
  const wide = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `  ${name.padEnd(wide)}  ${value}\n`).join('');
}
