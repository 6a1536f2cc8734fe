// The settings that `set` shows and changes. On a typed line it does the work of the options of the OS command line.
import { Refusal } from '../../errors.ts';
import { didYouMean } from '../input/suggest.ts';
import type { Session, Settings } from '../session.ts';
import { parseCount } from './arguments.ts';
import type { ShellCommand } from './command.ts';

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

const explain: ShellCommand = {
  name: 'explain',
  group: 'show how',
  usage: '[on|off]',
  summary: 'show how each command is handled: load, decide, append, project',
  examples: ['explain on', 'place alice mouse'],
  seeAlso: ['load', 'help'],
  candidates: ({ words }) => (words.length === 0 ? [{ value: 'on' }, { value: 'off' }] : []),
  declare: (command) => command.argument('[state]', 'on or off; without it, says which'),
  run(input, session) {
    const [state = session.settings.explain ? 'on' : 'off'] = input.words;
    if (state !== 'on' && state !== 'off') {
      return new Refusal('USAGE', `'${state}' is not a state for explain: write on or off`, {
        hint: 'explain on',
      });
    }
    session.settings.explain = state === 'on';
    return { kind: 'set', data: { settings: { explain: state } } };
  },
};

const set: ShellCommand = {
  name: 'set',
  group: 'session',
  usage: '[name] [value]',
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
    const shown = [...SETTINGS].filter(([each]) => name === undefined || each === name);
    const settings = Object.fromEntries(
      shown.map(([each, setting]) => [each, setting.show(session.settings)]),
    );
    return { kind: 'set', data: { settings } };
  },
};

export const settingCommands: readonly ShellCommand[] = [explain, set];
