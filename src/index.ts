// The main entry: hands the command line and the terminal to the shell, which wires the order service to what
// is typed (order-service.ts builds the core), and ends with the status that it answers. Whatever nobody
// caught is a bug, and is said to be one.
import { runShell } from './shell/shell.ts';
import type { Stores } from './shell/stores.ts';
import { createTerminal } from './shell/terminal.ts';

// Loaded when somebody asks for one.
const stores: Stores = {
  studentPassword: process.env['ORDERLAB_STUDENT_PASSWORD'],
  open: async (address, options) => (await import('./stores/stores.ts')).openStore(address, options),
  init: async (address, options) =>
    (await import('./stores/postgres-init.ts')).initPostgresStore(address, options),
};

async function reportBug(error: unknown): Promise<void> {
  const bug = error instanceof Error ? error : new Error(String(error));
  const hint = '\n  try: ORDERLAB_DEBUG=1 in the environment shows the stack';
  const what = process.env['ORDERLAB_DEBUG']
    ? (await import('./shell/stack.ts')).stackOf(bug)
    : bug.message + hint;
  process.stderr.write(`orderlab: this is a bug: ${what}\n`);
  process.exit(70);
}

process.on('uncaughtException', (error) => void reportBug(error));
void runShell(process.argv.slice(2), createTerminal(), stores).then((status) => {
  process.exitCode = status;
}, reportBug);
