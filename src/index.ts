// The main entry: hands the command line and the terminal to the shell, which wires the order service to what is typed
// (order-service.ts builds the core), and ends with the status that it answers.
import { runShell } from './shell/shell.ts';
import { createTerminal } from './shell/terminal.ts';

void runShell(process.argv.slice(2), createTerminal()).then(
  (status) => {
    process.exitCode = status;
  },
  (error: Error) => {
    const debug = process.env['ORDERLAB_DEBUG'];
    const hint = '\n  try: ORDERLAB_DEBUG=1 in the environment shows the stack';
    process.stderr.write(`orderlab: this is a bug: ${debug ? error.stack : `${error.message}${hint}`}\n`);
    process.exitCode = 70;
  },
);
