// One line in, one result out: line → words → command → input → run. The one way for a typed line, a script, a
// file, a lesson, and for the commands that run others. Nothing is printed here.
import { OrderlabError, Refusal } from '../errors.ts';
import { startOptions } from './cli-options.ts';
import { chooseOrder } from './commands/arguments.ts';
import {
  helpOf,
  Input,
  REFUSAL_CODES,
  TypedCommand,
  type ReadLine,
  type Shell,
  type ToBeRefused,
} from './commands/command.ts';
import { formOf, parseWords, withOrder } from './commands/grammar.ts';
import { pageOf } from './commands/help.ts';
import { scriptComment, scriptLine } from './commands/scripted.ts';
import { COMMANDS, findCommand, isCommand } from './commands/registry.ts';
import type { Explanation } from '../order-service.ts';
import { didYouMean } from './input/suggest.ts';
import { tokenize, writeWords } from './input/tokenize.ts';
import { NOTHING_DONE, shown, type LineResult } from './outcome.ts';
import { viewHelp } from './output/help-page.ts';
import type { Session } from './session.ts';

/** Reads a line and runs nothing. Undefined when it holds no words; 'incomplete' when it goes on. */
function readLine(line: string, session: Session): ReadLine | undefined | 'incomplete' {
  const words = tokenize(line, (name) => (name === 'last' ? session.lastPlaced : undefined));
  if (words === 'incomplete') return words;
  if (words instanceof Refusal) return { name: firstWord(line), read: words };
  return words.length === 0 ? undefined : readWords(words, session);
}

/** Reads the words of one line. */
export function readWords(words: readonly string[], session: Session): ReadLine {
  return words[0]!.startsWith('!') ? readToBeRefused(words, session) : readCommand(words, session);
}

function readCommand([name = '', ...words]: readonly string[], session: Session): ReadLine {
  const command = findCommand(name);
  if (command instanceof Refusal) {
    const meant = meantBy(name, words, session);
    return { name, read: meant === undefined ? command : command.withHint(meant) };
  }
  const input = parseWords(command, words);
  if (input instanceof Input) return { name, read: new TypedCommand(command, input, words) };
  return { name, read: input === 'help' ? pageOf(command) : input };
}

// What somebody probably wanted whose line begins with no command.
function meantBy(name: string, words: readonly string[], session: Session): string | undefined {
  if (session.service.orders.getOrder(name)) return `order ${name}`;
  if (/^#\d+$/.test(name)) return `event ${name}`;
  // A whole line in quotes.
  if (words.length === 0 && /^\S+\s/.test(name) && isCommand(name.split(/\s/)[0]!)) return name;
  return REFUSAL_CODES.has(name.toUpperCase())
    ? `!${name.toUpperCase()} ${writeWords(words)}`.trim()
    : undefined;
}

// `!`, perhaps a code, and the command that must be refused: by that code, or by any that is not about typing.
function readToBeRefused([first = '', ...more]: readonly string[], session: Session): ReadLine {
  const words = first === '!' ? more : [first.slice(1), ...more];
  const code = REFUSAL_CODES.has(words[0] ?? '') ? words[0] : undefined;
  const rest = code === undefined ? words : words.slice(1);
  const [name = '!'] = rest;
  const misuse = (message: string, hint: string) => ({ name, read: new Refusal('USAGE', message, { hint }) });
  if (rest.length === 0) return misuse('! needs a command that is to be refused', '! ship order-1');
  if (/^[A-Z][A-Z_]+$/.test(name)) {
    const guess = didYouMean(name, REFUSAL_CODES);
    return misuse(`no refusal has the code ${name}${guess}`, '!RULE_VIOLATION ship order-1');
  }
  const line = readCommand(rest, session);
  if (line.read instanceof TypedCommand && line.read.command.name === 'exit')
    return misuse(`${name} cannot be refused: write it without !`, name);
  return { ...line, toBeRefused: { words: rest, code } };
}

/** Runs one line. Undefined when it holds no words; 'incomplete' when it goes on on the next one. */
export function execute(line: string, session: Session): Promise<LineResult | undefined | 'incomplete'> {
  const read = readLine(line, session);
  if (read === undefined && line.trim() !== '') recordRemark(line, session);
  return read === undefined || read === 'incomplete' ? Promise.resolve(read) : runTyped(line, read, session);
}

function runTyped(line: string, read: ReadLine, session: Session): Promise<LineResult> {
  // Of the shop that it was typed in: it may open another.
  const { ran, exercise, isElsewhere } = session;
  const trying = session.kept ? lookAndTry(read, session) : tryLine(read, session);
  return trying.then((tried) => {
    const written = session.isLesson ? undefined : scriptLine(line, read, tried, isElsewhere);
    const lost = written === undefined ? undefined : session.recorder.add(written);
    const result = withNoticed(hold(tried, read), tried.noticed, lost);
    const { command, error, outcome } = result;
    const typed = read.read;
    if (!(typed instanceof TypedCommand) || error || outcome?.isNothing) return result;
    ran.set(command, (ran.get(command) ?? 0) + 1);
    // What was done in an exercise is kept beside the model answer.
    if (exercise && isDoing(typed)) exercise.typed.push(line);
    return result;
  });
}

// What somebody noted down between their commands.
function recordRemark(line: string, { recorder, isElsewhere, isLesson }: Session): void {
  if (!isLesson) recorder.add(scriptComment(line.trimStart(), isElsewhere));
}

function withNoticed(
  result: LineResult,
  noticed: readonly string[] = [],
  lost: string | undefined,
): LineResult {
  if (noticed.length === 0 && lost === undefined) return result;
  return { ...result, noticed: lost === undefined ? noticed : [...noticed, lost] };
}

function isDoing({ command, readsOnly }: TypedCommand): boolean {
  return !readsOnly && command.inScript === undefined && command.group !== 'session';
}

// What others have written is there before a line is run.
async function lookAndTry(read: ReadLine, session: Session): Promise<LineResult> {
  try {
    const noticed = await session.look();
    return { ...(await tryLine(read, session)), noticed };
  } catch (error) {
    return { command: read.name, ...explainThrown(error) };
  }
}

/** Runs a line that was read; it does not count among those that were typed. */
export function run(line: ReadLine, session: Session): Promise<LineResult> {
  const trying = tryLine(line, session);
  return line.toBeRefused ? trying.then((tried) => hold(tried, line)) : trying;
}

// What comes of it as if it had no `!`.
function tryLine({ name, read }: ReadLine, session: Session): Promise<LineResult> {
  if (read instanceof Refusal) return Promise.resolve({ command: name, error: read });
  if (!(read instanceof TypedCommand)) {
    session.clock.tick();
    return Promise.resolve({ command: name, outcome: shown({ help: read }, viewHelp) });
  }
  const explains = session.settings.explain || read.input.flag('explain');
  return explains ? runExplained(read, session) : runCommand(read, session);
}

function hold(tried: LineResult, { read, toBeRefused }: ReadLine): LineResult {
  return toBeRefused && !(read instanceof Refusal) ? holdToRefusal(tried, toBeRefused) : tried;
}

async function runExplained(typed: TypedCommand, session: Session): Promise<LineResult> {
  const explained: Explanation[] = [];
  const { service } = session;
  service.explainTo((explanation) => explained.push(explanation));
  try {
    return { ...(await runCommand(typed, session)), explained };
  } finally {
    service.explainTo();
  }
}

async function runCommand(typed: TypedCommand, session: Session): Promise<LineResult> {
  const { command, input } = typed;
  const { name } = command;
  const { clock } = session;
  session.asked = undefined;
  let chosen: string | undefined;
  let before = clock.passedMs;
  try {
    if (mustChoose(session) && (await command.leavesOrderOut?.(input.words, session.service))) {
      const choice = await chooseOrder(session);
      if (choice instanceof Refusal) return { command: name, error: choice };
      if (choice === undefined) return { command: name, outcome: NOTHING_DONE };
      // It is at hand from now on, as if `use` had been typed.
      chosen = choice;
      session.currentOrder = choice;
      session.asked = writeWords([name, ...withOrder(typed, choice)]);
      clock.tick();
      before = clock.passedMs;
    }
    if (command.inScript === undefined) clock.tick();
    const outcome = await command.run(input, session, SHELL);
    const { asked } = session;
    if (!(outcome instanceof Refusal)) {
      if (outcome.isNothing || outcome.follow) clock.passedMs = before;
      return { command: name, asked, chosen, outcome, error: outcome.failure };
    }
    // What no script can hold has taken no time: so a script comes to the same times.
    if (!REFUSAL_CODES.has(outcome.code)) clock.passedMs = before;
    return { command: name, asked, chosen, error: withSomeHint(outcome, name) };
  } catch (error) {
    return { command: name, ...explainThrown(error) };
  }
}

/** What commands are handed of the shell. */
export const SHELL: Shell = {
  commands: COMMANDS,
  startOptions: () => startOptions().map(formOf),
  readLine,
  run,
  runTyped,
};

// There are orders, none of them is at hand, and somebody can be asked.
function mustChoose({ currentOrder, sitting, service }: Session): boolean {
  return currentOrder === undefined && sitting.ask !== undefined && !service.orders.newestFirst().next().done;
}

// The result of a `!` line, by what became of its command.
function holdToRefusal(result: LineResult, { words, code }: ToBeRefused): LineResult {
  const { command, outcome, error } = result;
  const failed = (failure: Refusal): LineResult => ({ command, outcome, error: failure });
  // What answers besides (check) is held to its answer.
  if (outcome?.script && Object.keys(outcome.data).length === 0) {
    const message = `${command} is played line by line: put the ! on a line inside it`;
    return { command, error: new Refusal('USAGE', message, { hint: helpOf(command) }) };
  }
  if (outcome?.follow) {
    const message = `${command} goes on until Ctrl-C: there is nothing to be refused`;
    return { command, error: new Refusal('USAGE', message, { hint: helpOf(command) }) };
  }
  if (!error) {
    const message = `${command} was accepted, but a refusal was expected`;
    return failed(new Refusal('EXPECTATION', message, { hint: 'log' }));
  }
  if (!REFUSAL_CODES.has(error.code)) return result;
  if (code !== undefined && code !== error.code) {
    const message = `${command} was refused with ${error.code}, not with ${code}`;
    return failed(new Refusal('EXPECTATION', message, { hint: `!${error.code} ${writeWords(words)}` }));
  }
  return { ...result, error: undefined, refused: error };
}

// Every refusal says what to type next; at the least, where to read about it.
function withSomeHint(refusal: Refusal, command: string): Refusal {
  return refusal.hint === undefined ? refusal.withHint(helpOf(command)) : refusal;
}

/** What was thrown, as the error of a line: a store's own code, or a bug. */
export function explainThrown(error: unknown): Pick<LineResult, 'error' | 'bug'> {
  if (error instanceof OrderlabError && error.code !== 'INTERNAL') {
    return { error: new Refusal(error.code, error.message, { hint: error.hint }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'ORDERLAB_DEBUG=1 in the environment shows the stack';
  return { error: new Refusal('INTERNAL', `this is a bug in orderlab: ${message}`, { hint }), bug: error };
}

// What a line that cannot be read probably calls: the first word that is neither ! nor a code.
function firstWord(line: string): string {
  const words = line.trim().replace(/^!\s*/, '').split(/\s+/);
  return (REFUSAL_CODES.has(words[0]!) ? words[1] : words[0]) ?? '';
}
