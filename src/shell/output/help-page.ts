// A page of help as text: paragraphs and aligned pairs.
import type { ViewContext } from './view.ts';

/** A page of help: paragraphs and aligned pairs. */
export interface HelpPage {
  readonly usage?: string;
  readonly text?: readonly string[];
  readonly footer?: string;
  readonly sections: readonly {
    readonly title: string;
    readonly rows: readonly (readonly [string, string])[];
  }[];
}

/** No page is wider, whatever the screen. */
const READABLE = 80;

/** Below this there is no room for a meaning beside its word. */
const NARROW = 24;

export function viewHelp(
  { help }: { readonly help: HelpPage },
  { style, width: screen = READABLE }: ViewContext,
): string {
  const width = Math.min(screen, READABLE);
  const { usage, text = [], sections, footer } = help;
  const titles = Math.max(0, ...sections.map(({ title }) => title.length));
  const labels = Math.max(
    0,
    ...sections.flatMap(({ rows }) => rows.map(([label, meaning]) => (meaning === '' ? 0 : label.length))),
  );
  const left = titles + labels + 6;
  const beside = width - left >= NARROW;

  let page = usage === undefined ? '' : `  ${style.bold('usage')}  ${wrapUsage(usage, width - 10, 9)}\n`;
  for (const line of text) page += `  ${wrap(line, width - 3, 2)}\n`;
  for (const { title, rows } of sections) {
    rows.forEach(([label, meaning], row) => {
      const heading = style.bold((row === 0 ? title : '').padEnd(titles));
      const tail = beside
        ? `${label.padEnd(labels)}  ${wrap(meaning, width - left - 1, left)}`
        : `${label}\n      ${wrap(meaning, width - 7, 6)}`;
      page += `  ${heading}  ${meaning === '' ? label : tail}`.trimEnd() + '\n';
    });
  }
  return footer === undefined ? page : `${page}\n  ${wrap(footer, width - 3, 2)}\n`;
}

// An option and its value stay together.
function wrapUsage(usage: string, width: number, indent: number): string {
  const joined = usage.replaceAll(/\[[^\]]*\]/g, (part) => part.replaceAll(' ', '\u00a0'));
  return wrap(joined, width, indent).replaceAll('\u00a0', ' ');
}

// Breaks between words; every line but the first is indented.
function wrap(text: string, width: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}
