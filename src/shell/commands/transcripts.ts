// How `test` plays transcripts: line by line, each held against what stands below it in the file.
import { setImmediate } from 'node:timers/promises';
import { Refusal } from '../../errors.ts';
import type { Input } from './command.ts';
import { readWhole } from '../input/files.ts';
import { writeWords } from '../input/tokenize.ts';
import {
  differenceOf,
  fit,
  parseTranscript,
  rewritten,
  takeIn,
  trimmed,
  withoutPrompts,
  type Difference,
  type FileLine,
  type Transcript,
} from '../input/transcript-file.ts';
import { PROMPT } from '../input/transcript.ts';
import { shown, type Outcome } from '../outcome.ts';
import { figure, plural } from '../output/describe.ts';
import type { Style } from '../output/style.ts';
import type { ViewContext } from '../output/view.ts';
import { writeWholeFile } from '../output/whole-file.ts';
import type { Session, Sitting, Transcriber } from '../session.ts';

/** Plays these files, each in a shop of its own, and says where they differ from what is printed. */
export async function playTranscripts(input: Input, session: Session): Promise<Outcome | Refusal> {
  const { sitting } = session;
  const { transcribe } = sitting;
  if (!transcribe) return new Refusal('USAGE', 'no transcript is played here', { hint: 'help test' });
  const read: ReadTranscript[] = [];
  for (const file of input.words) {
    const transcript = open(file);
    if (transcript instanceof Refusal) return transcript;
    read.push(transcript);
  }
  const reports: FileReport[] = [];
  for (const each of read) {
    const transcriber = await transcribe(each.file, session);
    const update = input.flag('update');
    const report = await play(each, transcriber, sitting, update);
    await transcriber.close();
    if (report instanceof Refusal) return report;
    reports.push(report);
    if (sitting.interrupted) break;
  }
  const why = whyNotAll(reports, input.words.length, sitting.interrupted);
  const isStale = reports.some(({ differences }) => differences.some((each) => each.unplayed === undefined));
  const update = !sitting.interrupted && isStale ? ['--update'] : [];
  const hint = writeWords(['test', ...input.words, ...update]);
  return shown(
    { test: reports },
    view,
    why === undefined ? undefined : new Refusal('EXPECTATION', why, { hint }),
  );
}

interface ReadTranscript {
  readonly file: string;
  /** Who may read it. */
  readonly mode: number;
  readonly transcript: Transcript;
  /** The author's own before the first line that is played: they are typed as well. */
  readonly comments: readonly string[];
}

function open(file: string): ReadTranscript | Refusal {
  const whole = readWhole(file);
  if (whole instanceof Refusal) return whole.withHint('help test');
  const transcript = parseTranscript(whole.lines);
  const { before, typed } = transcript;
  if (typed.length === 0)
    return noTranscript(`${file} is no transcript: no line in it begins with '${PROMPT}'`);
  const texts = before.map(({ text }) => text);
  const comments = fit(texts, []);
  if (comments) return { file, mode: whole.mode, transcript, comments };
  // A page of prose: to update it would throw the prose away.
  const { line } = differenceOf(1, before, []);
  return noTranscript(`${file}:${line}: no line stands before this that could have printed it`);
}

function noTranscript(message: string): Refusal {
  return new Refusal('USAGE', message, { hint: 'help test' });
}

interface FileReport {
  readonly file: string;
  /** How many were played. */
  readonly commands: number;
  readonly differences: readonly CommandDifference[];
  /** Whether the file has what is printed now. */
  readonly updated?: true;
}

interface CommandDifference extends Difference {
  readonly command: string;
  /** Why it was not played, if so. */
  readonly unplayed?: string;
}

/** For how long commands are played before Ctrl-C is heard again. */
const WITHOUT_PAUSE_MS = 20;

async function play(
  { file, mode, transcript, comments: first }: ReadTranscript,
  transcriber: Transcriber,
  sitting: Sitting,
  update: boolean,
): Promise<FileReport | Refusal> {
  const { before, typed } = transcript;
  const differences: CommandDifference[] = [];
  /** The file as it would be written. */
  const blocks: (readonly string[])[] = [before.map(({ text }) => text)];
  const hold = (command: string, line: number, below: readonly FileLine[], printed: readonly string[]) => {
    const texts = below.map(({ text }) => text);
    const comments = fit(texts, printed);
    if (!comments) differences.push({ ...differenceOf(line, below, printed), command });
    blocks.push(comments ? texts : rewritten(below, printed));
    return comments ?? [];
  };
  let comments = first;
  let commands = 0;
  let unheardUntil = Date.now() + WITHOUT_PAUSE_MS;
  for (let at = 0; at < typed.length && !sitting.interrupted;) {
    const { rows } = typed[at]!;
    const typedRows = withoutPrompts(typed[at]!);
    const [{ line }] = rows as [FileLine];
    const command = typedRows.join(' ');
    if (transcriber.hasEnded) {
      differences.push({ line, command, expected: [], printed: [], unplayed: 'exit has ended the session' });
      blocks.push(typed.slice(at).flatMap((each) => [...each.rows, ...each.below].map(({ text }) => text)));
      break;
    }
    for (const comment of comments) await transcriber.play([comment]);
    const printed = await transcriber.play(typedRows);
    if (sitting.interrupted) break;
    const { below, next } = takeIn(transcript, at, printed);
    blocks.push(rows.map(({ text }) => text));
    comments = hold(command, line, below, printed);
    commands++;
    at = next;
    if (Date.now() < unheardUntil) continue;
    await setImmediate();
    unheardUntil = Date.now() + WITHOUT_PAUSE_MS;
  }
  const report = { file, commands, differences };
  const stale = differences.filter(({ unplayed }) => unplayed === undefined);
  if (!update || stale.length === 0 || sitting.interrupted) return report;
  const text = `${trimmed(blocks.flat()).join('\n')}\n`;
  const written = await writeWholeFile(file, [text], { force: true, mode });
  return written instanceof Refusal ? written.withHint('help test') : { ...report, updated: true };
}

function whyNotAll(
  reports: readonly FileReport[],
  asked: number,
  isInterrupted: boolean,
): string | undefined {
  const of = plural(asked, 'transcript');
  if (isInterrupted) return `interrupted: ${figure(reports.length - 1)} of ${of} played to the end`;
  const differing = reports.filter((report) => differs(report)).length;
  if (differing === 0) return undefined;
  if (asked === 1) return 'this transcript is not what is printed';
  return `${figure(differing)} of ${of} ${differing === 1 ? 'is' : 'are'} not what is printed`;
}

// What was put right differs no more; what was not played cannot be.
function differs({ differences, updated }: FileReport): boolean {
  return differences.some(({ unplayed }) => !updated || unplayed !== undefined);
}

/** So much is shown of a difference, in lines, and so many of a file. */
const SHOWN_LINES = 20;
const SHOWN = 10;

function view({ test }: { readonly test: readonly FileReport[] }, { style }: ViewContext): string {
  return test.map((report) => viewFile(report, style)).join('');
}

function viewFile(report: FileReport, style: Style): string {
  const { file, commands, differences, updated } = report;
  const { check, cross } = style.sign;
  const of = plural(commands, 'command');
  const mark = differs(report) ? style.bad(cross) : style.good(check);
  const unplayed = differences.filter((each) => each.unplayed !== undefined);
  const other = figure(differences.length - unplayed.length);
  const what = updated ? `, ${other} rewritten` : other === '0' ? '' : `, ${other} printed something else`;
  const shownOnes = updated ? unplayed : differences;
  const each = shownOnes.slice(0, SHOWN).map((difference) => viewDifference(file, difference, style));
  const more = shownOnes.length > SHOWN ? `  and ${figure(shownOnes.length - SHOWN)} more\n` : '';
  return `  ${mark} ${file}  ${of}${what}\n${each.join('')}${more}${each.length > 0 ? '\n' : ''}`;
}

function viewDifference(file: string, difference: CommandDifference, style: Style): string {
  const { line, command, expected, printed, unplayed } = difference;
  const why = unplayed === undefined ? '' : `    not played: ${unplayed}\n`;
  const head = `\n  ${style.bold(`${file}:${line}`)}  ${PROMPT}${command}\n${why}`;
  return `${head}${viewLines('-', expected, style.bad)}${viewLines('+', printed, style.good)}`;
}

function viewLines(mark: string, lines: readonly string[], paint: Style['good']): string {
  const shownOnes = lines.slice(0, SHOWN_LINES).map((text) => `    ${paint(`${mark} ${text}`.trimEnd())}\n`);
  const more = lines.length - SHOWN_LINES;
  return `${shownOnes.join('')}${more > 0 ? `      and ${plural(more, 'line')} more\n` : ''}`;
}
