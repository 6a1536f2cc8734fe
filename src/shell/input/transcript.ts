// What is pasted from a screen or a page: lines that begin with a prompt, ours or another shell's, and between
// them what was printed.
import { ORDER_STATUSES } from '../../order-state.ts';

/** The prompt while there is no order at hand. */
export const PROMPT = 'orderlab> ';

/** What stands before the rows of a line that goes on after an open quote. */
export const CONTINUED = '     ...> ';

/** What a prompt says besides the order when what it shows is not what the log holds. */
export const STALE = '(stale)';

/** What a prompt begins with in a fork. */
export const FORKED = 'fork ';

// In a lesson its name stands before it; an order stands with its status, or as stale.
const WHERE = String.raw`(?:${FORKED}|[\w.-]+: |[\w.-]+, your own)?`;
const ORDER = String.raw`[A-Za-z0-9][\w.-]* (?:(?:${ORDER_STATUSES.join('|')})(?: \(stale\))?|\(stale\))`;
const OURS = new RegExp(String.raw`^ *${WHERE}(?:orderlab|${ORDER}|(?<=your own)| {4} ?\.\.\.)>(?: |$)`);
const THEIRS = /^[$>] (?=\S)/;

/** What was typed behind our prompt at the beginning of a line; undefined when there is none. */
export function ownPrompt(line: string): string | undefined {
  if (line.startsWith(' ')) return undefined;
  const ours = OURS.exec(line);
  return ours ? line.slice(ours[0].length) : undefined;
}

/** The line without the prompt it begins with; `isCommand` knows what can follow a foreign one. */
export function withoutPrompt(line: string, isCommand: (word: string) => boolean): string {
  if (!/[>$]/.test(line)) return line;
  const ours = OURS.exec(line);
  if (ours) return line.slice(ours[0].length);
  if (!THEIRS.test(line)) return line;
  const rest = line.slice(2);
  return isCommand(/^\S*/.exec(rest)![0]) ? rest : line;
}

/**
 * Of a paste that begins with our prompt, the lines that have one, without it, and how many others there
 * were; any other paste as it is.
 */
export function typedLines(paste: string): { readonly text: string; readonly dropped: number } {
  if (!OURS.test(paste)) return { text: paste, dropped: 0 };
  const lines = paste.split(/\r\n?|\n/);
  const typed = lines.filter((line) => OURS.test(line));
  const dropped = lines.filter((line) => line.trim() !== '' && !OURS.test(line)).length;
  const end = /[\r\n]$/.test(paste) || !OURS.test(lines.at(-1)!) ? '\n' : '';
  return { text: typed.map((line) => line.replace(OURS, '')).join('\n') + end, dropped };
}
