// Tab in bash, zsh and fish themselves, with the scripts that `completion` prints.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { orderlab } from '../program/program.ts';
import { skipping, works } from '../stores/processes.ts';
import { folder, KEY, open, Screen } from './pty.ts';

/** How each is started without anybody's settings, and told to read the script. */
const SHELLS = {
  bash: ['exec bash --noprofile --norc -i', "source ./tab; PS1='%'' '"],
  zsh: ['exec zsh -f -i', "autoload -Uz compinit && compinit -D; source ./tab; PS1='%%'' '"],
  fish: ['exec fish --no-config -i', "source ./tab; function fish_prompt; printf '%% '; end"],
} as const;

/** What is typed, and what Tab makes of it. */
const CASES = [
  ['orderlab catal', 'orderlab catalog '],
  ['orderlab demo conc', 'orderlab demo concurrency '],
  ['orderlab saga --fail-', 'orderlab saga --fail-compensation '],
  ['orderlab saga --fail=inv', 'orderlab saga --fail=inventory '],
  ['orderlab saga --crash-after inventory:', 'orderlab saga --crash-after inventory:started '],
  ['orderlab -q --store shop', 'orderlab -q --store shop.db '],
  ['orderlab --store shop.db analytics --a', 'orderlab --store shop.db analytics --a'],
  ['orderlab -c tim', 'orderlab -c timeline '],
  ['orderlab run les', 'orderlab run lesson.txt '],
  ['orderlab demo ./les', 'orderlab demo ./lesson.txt '],
  ['orderlab grade the-log les', 'orderlab grade the-log lesson.txt '],
  ['orderlab grade the-log lesson.txt sh', 'orderlab grade the-log lesson.txt shop.db '],
  ['orderlab completion z', 'orderlab completion zsh '],
  ['orderlab place alice head', 'orderlab place alice headset '],
  ['orderlab place alice mouse head', 'orderlab place alice mouse headset '],
  // Nothing fits there, no file either.
  ['orderlab pay les', 'orderlab pay les'],
  ['orderlab place les', 'orderlab place les'],
] as const;

for (const [name, [start, begin]] of Object.entries(SHELLS)) {
  const isThere = works(name, '--version');
  if (!isThere) skipping(`Tab in ${name}`, `it is not installed (apt-get install ${name})`);

  test.skipIf(!isThere)(`${name} completes commands, options, their values, words and files`, async () => {
    const cwd = folder();
    for (const file of ['lesson.txt', 'shop.db']) writeFileSync(join(cwd, file), '');
    writeFileSync(join(cwd, 'tab'), (await orderlab(['completion', name])).stdout);
    const screen = new Screen({ shell: start, cwd, cols: 120 });
    await expect.poll(() => screen.beforeCursor(), { timeout: 15_000 }).not.toBe('');
    screen.send(begin, KEY.enter);
    await screen.cursorAfter('% ');
    for (const [typed, completed] of CASES) {
      screen.send(typed);
      await screen.cursorAfter(`% ${typed}`);
      screen.send(KEY.tab);
      // What is not completed stays: the next key shows that Tab was heard.
      if (typed === completed) screen.send('!');
      await screen.cursorAfter(`% ${typed === completed ? `${typed}!` : completed}`);
      screen.send(KEY.ctrl('u'));
      await screen.cursorAfter('% ');
    }
  });
}

test('in a narrow window the lines of a script stay whole', async () => {
  const screen = await open({ cols: 40 });
  screen.send('completion fish', KEY.enter);
  await expect.poll(() => screen.raw).toContain(" -a '(__orderlab_offers)'\r\n");
  expect(screen.raw).toContain(
    'commands|backup|a copy of the store in a file, also while others write to it\r\n',
  );
});
