// One line in, one result out: words → command → run. The same for a typed line, a script, a file, the tour.
// Nothing is printed here.
import { OrderlabError, Refusal, type ErrorCode } from '../errors.ts';
import { chooseOrder } from './commands/arguments.ts';
import { findCommand, parseWords } from './commands/registry.ts';
import { Input, type ShellCommand } from './commands/command.ts';
import type { Explanation } from '../order-service.ts';
import { tokenize } from './input/tokenize.ts';
import { NEVER_MIND, shown, type Outcome } from './outcome.ts';
import { viewHelp } from './output/help-page.ts';
import type { Session } from './session.ts';

/** What came of a line. */
export interface LineResult {
  /** The first word that was typed. */
  readonly command: string;
  /** How the commands behind it were handled, when that was asked for. */
  readonly explained?: readonly Explanation[] | undefined;
  /** What there is to show. */
  readonly outcome?: Outcome | undefined;
  /** Why the line failed. */
  readonly error?: Refusal | undefined;
  /** The refusal that a `!` line asked for, and got. */
  readonly refused?: Refusal | undefined;
  /** The bug behind an INTERNAL error. */
  readonly bug?: unknown;
}

/** Runs one line. Undefined when it holds no words; 'incomplete' when it goes on on the next one. */
export async function execute(
  line: string,
  session: Session,
): Promise<LineResult | undefined | 'incomplete'> {
  const refusable = /^\s*!/.exec(line);
  const words = tokenize(refusable ? line.slice(refusable[0].length) : line, (name) =>
    name === 'last' ? session.lastPlaced : undefined,
  );
  if (words === 'incomplete') return words;
  if (words instanceof Refusal) return { command: firstWord(line), error: words };
  if (refusable) return expectRefusal(words, session);
  return words.length === 0 ? undefined : runWords(words, session);
}

/** Runs the words of one line. */
export async function runWords(
  [name = '', ...words]: readonly string[],
  session: Session,
): Promise<LineResult> {
  const command = findCommand(name);
  if (command instanceof Refusal) {
    const isOrder = session.service.orders.getOrder(name) !== undefined;
    return { command: name, error: isOrder ? command.withHint(`order ${name}`) : command };
  }
  const input = parseWords(command, words);
  if (input instanceof Refusal) return { command: name, error: input };
  session.clock.tick();
  if (!(input instanceof Input)) return { command: name, outcome: shown({ help: input }, viewHelp) };
  if (!session.settings.explain && !input.flag('explain')) return run(command, input, session);

  const explained: Explanation[] = [];
  const { service } = session;
  service.explainTo((explanation) => explained.push(explanation));
  try {
    return { ...(await run(command, input, session)), explained };
  } finally {
    service.explainTo();
  }
}

async function run(command: ShellCommand, input: Input, session: Session): Promise<LineResult> {
  const { name } = command;
  try {
    if (mustChoose(session) && (await command.leavesOrderOut?.(input.words, session.service))) {
      const chosen = await chooseOrder(session);
      if (chosen instanceof Refusal) return { command: name, error: chosen };
      if (chosen === undefined) return { command: name, outcome: NEVER_MIND };
      session.currentOrder = chosen;
    }
    const outcome = await command.run(input, session);
    if (outcome instanceof Refusal) return { command: name, error: withSomeHint(outcome, name) };
    return { command: name, outcome, error: outcome.failure };
  } catch (error) {
    return { command: name, ...explainThrown(error) };
  }
}

// There are orders, none of them is at hand, and somebody can be asked.
function mustChoose({ currentOrder, sitting, service }: Session): boolean {
  return currentOrder === undefined && sitting.ask !== undefined && !service.orders.newestFirst().next().done;
}

const REFUSALS: ReadonlySet<string> = new Set<ErrorCode>([
  'VALIDATION',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'RULE_VIOLATION',
  'CONCURRENCY',
  'EXPECTATION',
  'SAGA_FAILED',
]);

/** A line that must be refused: by the code it names, or by any of those that are not about typing. */
async function expectRefusal(words: readonly string[], session: Session): Promise<LineResult> {
  const code = REFUSALS.has(words[0] ?? '') ? words[0] : undefined;
  const rest = code === undefined ? words : words.slice(1);
  const [command = '!'] = rest;
  if (rest.length === 0)
    return {
      command,
      error: new Refusal('USAGE', '! needs a command that is to be refused', { hint: '! ship order-1' }),
    };

  if (/^[A-Z][A-Z_]+$/.test(command)) {
    const message = `${command} is not a code that a refusal can have: ${[...REFUSALS].join(', ')}`;
    return { command, error: new Refusal('USAGE', message, { hint: '!RULE_VIOLATION ship order-1' }) };
  }

  if (command === 'exit')
    return { command, error: new Refusal('USAGE', 'exit cannot be refused: write it without !') };

  const result = await runWords(rest, session);
  const { outcome, error } = result;
  if (outcome?.script) {
    return {
      command,
      error: new Refusal('USAGE', `${command} is played line by line: put the ! on a line inside it`),
    };
  }
  if (!error)
    return {
      command,
      outcome,
      error: new Refusal('EXPECTATION', `${command} was accepted, but a refusal was expected`),
    };
  if (!REFUSALS.has(error.code)) return result;
  if (code !== undefined && code !== error.code) {
    return {
      command,
      outcome,
      error: new Refusal(
        'EXPECTATION',
        `${command} was refused with ${error.code}, not ${code}: ${error.message}`,
      ),
    };
  }
  return { ...result, error: undefined, refused: error };
}

// Every refusal says what to type next; at the least, where to read about it.
function withSomeHint(refusal: Refusal, command: string): Refusal {
  return refusal.hint === undefined ? refusal.withHint(`help ${command}`) : refusal;
}

/** What was thrown, as the error of a line: a store's own code, or a bug. */
export function explainThrown(error: unknown): Pick<LineResult, 'error' | 'bug'> {
  if (error instanceof OrderlabError && error.code !== 'INTERNAL') {
    return { error: new Refusal(error.code, error.message) };
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'ORDERLAB_DEBUG=1 in the environment shows the stack';
  return { error: new Refusal('INTERNAL', `this is a bug in orderlab: ${message}`, { hint }), bug: error };
}

function firstWord(line: string): string {
  return /[^\s!]+/.exec(line)?.[0] ?? '';
}

/** The exit status of a program that ends with this error. */
export function statusOf(code: ErrorCode): number {
  if (code === 'USAGE' || code === 'IO') return 2;
  return code === 'INTERNAL' ? 70 : 1;
}
