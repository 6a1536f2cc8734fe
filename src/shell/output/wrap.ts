// Lines that are wider than the screen are broken between words, what follows indented: a terminal would
// break them anywhere.
import stringWidth from 'string-width';

const INDENT = 4;

/** The text with no line wider than `width` cells, as far as its words allow. */
export function wrapText(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => (stringWidth(line) <= width ? line : wrapLine(line, width)))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  const indent = ' '.repeat((/^ */.exec(line)?.[0].length ?? 0) + INDENT);
  const lines: string[] = [];
  let current = '';
  for (const part of line.split(/(?<=\S)(?= )/)) {
    if (current.trim() !== '' && stringWidth(current + part) > width) {
      lines.push(current);
      current = indent + part.trimStart();
    } else current += part;
  }
  return [...lines, current].join('\n');
}
