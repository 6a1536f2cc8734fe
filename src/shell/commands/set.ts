// `set`: the settings, shown and changed. On a typed line it does the work of the options of the OS command
// line.
import { Refusal } from '../../errors.ts';
import { parseCount } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { didYouMean } from '../input/suggest.ts';
import { shown } from '../outcome.ts';
import type { Session, Settings } from '../session.ts';

interface Setting {
  readonly values: string;
  readonly choices?: readonly string[];
  show(settings: Settings): string;
  /** False when the value is none of its own. */
  change(session: Session, value: string): boolean;
}

type Switch = 'ascii' | 'quiet' | 'echo' | 'keepGoing' | 'hints' | 'timing' | 'explain';

function onOff(name: Switch): Setting {
  return {
    values: 'on or off',
    choices: ['on', 'off'],
    show: (settings) => (settings[name] ? 'on' : 'off'),
    change({ settings }, value) {
      if (value !== 'on' && value !== 'off') return false;
      // A transcript in json would be neither.
      if (name === 'echo' && value === 'on' && settings.format === 'json') return false;
      settings[name] = value === 'on';
      return true;
    },
  };
}

const SETTINGS: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  [
    'format',
    {
      values: 'table or json (json not while echo is on)',
      choices: ['table', 'json'],
      show: ({ format }) => format,
      change({ settings }, value) {
        if (value !== 'table' && value !== 'json') return false;
        // A transcript is for people: json would break it in the middle.
        if (value === 'json' && settings.echo) return false;
        settings.format = value;
        return true;
      },
    },
  ],
  [
    'color',
    {
      values: 'auto, on or off',
      choices: ['auto', 'on', 'off'],
      show: ({ color }) => color,
      change({ settings }, value) {
        if (value !== 'auto' && value !== 'on' && value !== 'off') return false;
        settings.color = value;
        return true;
      },
    },
  ],
  ['ascii', onOff('ascii')],
  ['explain', onOff('explain')],
  ['hints', onOff('hints')],
  ['timing', onOff('timing')],
  ['echo', onOff('echo')],
  ['quiet', onOff('quiet')],
  ['keep-going', onOff('keepGoing')],
  [
    'snapshot-every',
    {
      values: 'a number of events from 1',
      show: ({ snapshotEvery }) => String(snapshotEvery),
      change(session, value) {
        const every = parseCount(value);
        if (every) session.setSnapshotEvery(every);
        return Boolean(every);
      },
    },
  ],
  [
    'step-timeout',
    {
      values: 'the milliseconds that a step of a saga may take',
      show: ({ stepTimeoutMs }) => String(stepTimeoutMs),
      change(session, value) {
        const ms = parseCount(value);
        if (ms) session.setStepTimeout(ms);
        return Boolean(ms);
      },
    },
  ],
]);

export const setCommand: ShellCommand = {
  name: 'set',
  group: 'session',
  summary: 'show the settings, or change one',
  examples: ['set', 'set snapshot-every 3'],
  *candidates({ words }) {
    if (words.length === 0) for (const value of SETTINGS.keys()) yield { value };
    const choices = words.length === 1 ? SETTINGS.get(words[0]!)?.choices : undefined;
    for (const value of choices ?? []) yield { value };
  },
  seeAlso: ['help'],
  declare: (command) => command.argument('[name]').argument('[value]'),
  run(input, session) {
    const [typed, value] = input.words;
    const name = typed === 'colour' ? 'color' : typed;
    if (name !== undefined) {
      const setting = SETTINGS.get(name);
      if (!setting) {
        const guess = didYouMean(name, SETTINGS.keys());
        return new Refusal('USAGE', `there is no setting ${name}${guess}`, { hint: 'set' });
      }
      if (value !== undefined && !setting.change(session, value)) {
        return new Refusal('USAGE', `'${value}' is not a value for ${name}: write ${setting.values}`, {
          hint: 'set',
        });
      }
    }
    const chosen = [...SETTINGS].filter(([each]) => name === undefined || each === name);
    const settings = Object.fromEntries(
      chosen.map(([each, setting]) => [each, setting.show(session.settings)]),
    );
    return shown({ settings }, viewSettings);
  },
};

/** Settings and their values, a line each. */
export function viewSettings(data: { readonly settings: Readonly<Record<string, string>> }): string {
  const entries = Object.entries(data.settings);
  const wide = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `  ${name.padEnd(wide)}  ${value}\n`).join('');
}
