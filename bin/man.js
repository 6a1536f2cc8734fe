'use strict';
// A step of the build: the man page, made of what `help` answers in JSON.
const { execFileSync } = require('node:child_process');
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

/** The answers of the program to these arguments, an object each. */
function ask(...args) {
  const door = join(__dirname, 'orderlab.js');
  const env = { ...process.env, ORDERLAB_STORE: '' };
  const said = execFileSync(process.execPath, [door, '--json', ...args], { encoding: 'utf8', env });
  return said.trimEnd().split('\n').map(JSON.parse);
}

const SIGNS = { '\\': '\\e', '-': '\\-', "'": '\\(aq', '`': '\\(ga', '^': '\\(ha', '~': '\\(ti' };

/** Text as roff prints it: signs as they are typed, and nothing at the start of a line that commands it. */
function roff(text) {
  const escaped = text.replaceAll(/[\\'`^~-]|[^\x20-\x7e]/gu, (sign) => {
    return SIGNS[sign] ?? `\\[u${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`;
  });
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped;
}

function bold(text) {
  return `\\fB${roff(text)}\\fR`;
}

/** Words, each with what it means below it. */
function list(rows) {
  return rows.map(([word, meaning]) => `.TP\n${bold(word)}\n${roff(meaning)}\n`).join('');
}

/** Lines as they are. */
function lines(rows) {
  return `.nf\n${rows.map(([line]) => `${roff(line)}\n`).join('')}.fi\n`;
}

/** A part of the page of a command; where nothing has a meaning, they are lines to be typed. */
function section({ title, rows }) {
  const isPlain = rows.every(([, meaning]) => meaning === '');
  return `.PP\n${roff(title)}:\n.RS\n${isPlain ? lines(rows) : list(rows)}.RE\n`;
}

function command({ usage, text, sections }) {
  return `.TP\n${bold(usage)}\n${roff(text.join(' '))}\n.RS\n${sections.map(section).join('')}.RE\n`;
}

function page({ version, description }) {
  const [{ help: program }] = ask('--help');
  const [{ help: overview }, { help: words }] = ask('-c', 'help', '-c', 'help words');
  const groups = overview.sections.map(({ title, rows }) => ({ title, names: rows[0][1].split(', ') }));
  const asked = groups.flatMap(({ names }) => names.flatMap((name) => ['-c', `${name} --help`]));
  const pages = ask(...asked).map(({ help }) => help);
  const day = new Date().toISOString().slice(0, 10);
  const text = [
    `.TH ORDERLAB 1 ${day} "orderlab ${version}"\n`,
    `.SH NAME\norderlab \\- ${roff(description)}\n`,
    `.SH SYNOPSIS\n${roff(program.usage)}\n`,
    `.SH OPTIONS\n${list(program.sections[0].rows)}`,
    '.SH COMMANDS\n',
  ];
  for (const { title, names } of groups) {
    text.push(`.SS ${roff(title)}\n`, ...pages.splice(0, names.length).map(command));
  }
  text.push(`.SH WORDS\n${list(words.sections[0].rows)}`);
  return text.join('');
}

module.exports = { roff };

if (require.main === module) {
  const file = join(__dirname, '..', 'dist', 'man', 'orderlab.1');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, page(require('../package.json')));
}
