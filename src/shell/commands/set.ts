// `set`: the settings, shown and changed. On a typed line it does the work of the options of the OS command
// line.
import { Refusal } from '../../errors.ts';
import { parseCount } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { closest } from '../input/suggest.ts';
import { shown } from '../outcome.ts';
import { listed } from '../output/describe.ts';
import type { Session, Settings } from '../session.ts';

interface Setting {
  /** What it is for. */
  readonly about: string;
  readonly values: string;
  readonly choices?: readonly string[];
  /** Whether it is the shop's, and not the person's: a lesson may bring its own. */
  readonly isOfTheShop?: boolean;
  show(settings: Settings): string;
  /** Changes it; false when the value is none of its own, or why it cannot be that now. */
  change(session: Session, value: string): boolean | Refusal;
}

/** The settings that are on or off. */
type Switch = 'ascii' | 'quiet' | 'echo' | 'keepGoing' | 'hints' | 'timing' | 'explain';

function onOff(name: Switch, about: string): Setting {
  return {
    about,
    values: 'on or off',
    choices: ['on', 'off'],
    show: (settings) => (settings[name] ? 'on' : 'off'),
    change({ settings }, value) {
      if (value !== 'on' && value !== 'off') return false;
      if (name === 'echo' && value === 'on' && settings.format === 'json') {
        const message = 'echo and json do not go together';
        return new Refusal('USAGE', message, { hint: 'set format table' });
      }
      settings[name] = value === 'on';
      return true;
    },
  };
}

const FORMAT: Setting = {
  about: 'results as tables, or as json, one object a line',
  values: 'table or json',
  choices: ['table', 'json'],
  show: ({ format }) => format,
  change({ settings }, value) {
    if (value !== 'table' && value !== 'json') return false;
    if (value === 'json' && settings.echo) {
      const message = 'echo and json do not go together';
      return new Refusal('USAGE', message, { hint: 'set echo off' });
    }
    settings.format = value;
    return true;
  },
};

const COLOR: Setting = {
  about: 'whether to paint on a terminal; auto: if it can',
  values: 'auto, on or off',
  choices: ['auto', 'on', 'off'],
  show: ({ color }) => (color === 'always' ? 'on' : color),
  change({ settings }, value) {
    if (value !== 'auto' && value !== 'on' && value !== 'off') return false;
    settings.color = value;
    return true;
  },
};

const SNAPSHOT_EVERY: Setting = {
  about: 'how many events from one snapshot to the next',
  values: 'a number of events from 1',
  isOfTheShop: true,
  show: ({ snapshotEvery }) => String(snapshotEvery),
  change(session, value) {
    const every = parseCount(value);
    if (every) session.setSnapshotEvery(every);
    return Boolean(every);
  },
};

const STEP_TIMEOUT: Setting = {
  about: 'how long a step of a saga may take, in milliseconds',
  values: 'a number of milliseconds from 1',
  isOfTheShop: true,
  show: ({ stepTimeoutMs }) => String(stepTimeoutMs),
  change(session, value) {
    const ms = parseCount(value);
    if (ms) session.setStepTimeout(ms);
    return Boolean(ms);
  },
};

const SETTINGS: ReadonlyMap<string, Setting> = new Map([
  ['format', FORMAT],
  ['color', COLOR],
  ['ascii', onOff('ascii', 'when on, only signs that every terminal can show')],
  [
    'explain',
    { ...onOff('explain', 'when on, commands show load, decide, append, project'), isOfTheShop: true },
  ],
  ['hints', onOff('hints', 'when on, text is suggested while you type')],
  ['timing', onOff('timing', 'when on, each command says how long it took')],
  ['echo', onOff('echo', 'when on, a script prints each of its lines as well')],
  ['quiet', onOff('quiet', 'when on, results and errors only, no remarks')],
  ['keep-going', onOff('keepGoing', 'when on, a script goes on after an error')],
  ['snapshot-every', SNAPSHOT_EVERY],
  ['step-timeout', STEP_TIMEOUT],
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
  readsOnly: ({ words }) => words.length < 2,
  declare: (command) =>
    command
      .argument('[name]', 'of a setting; without it, shows them all')
      .argument('[value]', 'its new value'),
  run(input, session) {
    const [typed, value] = input.words;
    if (typed === undefined) return shown({ settings: valuesOf([...SETTINGS], session) }, viewSettings);
    const name = typed === 'colour' ? 'color' : typed;
    const setting = findSetting(name);
    if (setting instanceof Refusal) return setting;
    const changed = value === undefined || setting.change(session, value);
    if (changed instanceof Refusal) return changed;
    if (!changed) return notAValue(value, name, setting);
    const settings = valuesOf([[name, setting]], session);
    if (value !== undefined) return shown({ settings }, viewSettings);
    return shown({ settings }, (data) => `${viewSettings(data)}  it can be ${setting.values}\n`);
  },
};

function findSetting(name: string): Setting | Refusal {
  const setting = SETTINGS.get(name);
  if (setting) return setting;
  const near = closest(name, SETTINGS.keys());
  const guess = near === undefined ? '' : `: did you mean ${near}?`;
  return new Refusal('USAGE', `there is no setting ${name}${guess}`, {
    hint: near === undefined ? 'set' : `set ${near}`,
  });
}

/** Changes a setting in the shop of a lesson; why not, where it cannot be or is none of a shop's. */
export function setForLesson(session: Session, name: string, value: string): Refusal | undefined {
  const setting = findSetting(name);
  if (setting instanceof Refusal) return setting;
  if (!setting.isOfTheShop) {
    const own = [...SETTINGS].filter(([, { isOfTheShop }]) => isOfTheShop).map(([each]) => each);
    return new Refusal('USAGE', `${name} is the person's own: a lesson may set ${listed(own)}`, {
      hint: '# set: snapshot-every 3',
    });
  }
  const changed = setting.change(session, value);
  if (changed instanceof Refusal) return changed;
  return changed ? undefined : notAValue(value, name, setting);
}

function valuesOf(
  chosen: readonly (readonly [string, Setting])[],
  { settings }: Session,
): Readonly<Record<string, string>> {
  return Object.fromEntries(chosen.map(([name, setting]) => [name, setting.show(settings)]));
}

function notAValue(value: string, name: string, { values, choices = [] }: Setting): Refusal {
  const near = closest(value, choices);
  const guess = near === undefined ? `write ${values}` : `did you mean ${near}?`;
  return new Refusal('USAGE', `'${value}' is not a value for ${name}: ${guess}`, {
    hint: near === undefined ? `set ${name}` : `set ${name} ${near}`,
  });
}

/** Settings, their values and what they are for, a line each. */
export function viewSettings(data: { readonly settings: Readonly<Record<string, string>> }): string {
  const rows = Object.entries(data.settings);
  const [names, values] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(([name, value]) => {
      const about = SETTINGS.get(name)?.about ?? '';
      return `  ${name.padEnd(names!)}  ${value.padEnd(values!)}  ${about}\n`;
    })
    .join('');
}
