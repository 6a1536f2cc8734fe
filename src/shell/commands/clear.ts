// `clear`: an empty screen.
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';

export const clearCommand: ShellCommand = {
  name: 'clear',
  group: 'session',
  summary: 'clear the screen',
  examples: ['clear', 'orders'],
  seeAlso: ['history', 'reset'],
  readsOnly: false,
  declare: (command) => command,
  run(_input, { sitting }) {
    sitting.person?.clear();
    return shown({}, () => '');
  },
};
