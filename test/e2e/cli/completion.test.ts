/** The scripts of `tarwarden completion`, in the shells that they are for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../../support/execute.ts';
import { findProgram } from '../../support/programs.ts';
import { makePlace, type Place } from './sandbox.ts';

/** What is typed, `|` where Tab is pressed, and what can come of it. */
const LINES: readonly (readonly [typed: string, candidates: readonly string[]])[] = [
  ['tarwarden sc', ['scan']],
  ['tarwarden pnp', ['pnpm', 'pnpx']],
  ['tarwarden --ver', ['--version']],
  ['tarwarden scan --rep', ['--reporter']],
  ['tarwarden scan --reporter ', ['json', 'ndjson', 'sarif', 'text']],
  ['tarwarden scan --reporter nd', ['ndjson']],
  ['tarwarden scan arch', ['archive.tgz']],
  ['tarwarden verify --manager npm --manager pnp', ['pnpm']],
  ['tarwarden rules gzip-dam', ['gzip-damaged']],
  ['tarwarden completion f', ['fish']],
  ['tarwarden help veri', ['verify']],
  ['tarwarden npm --pr', ['--print-env']],
  ['tarwarden npm --print-env --shell po', ['posix', 'powershell']],
];

let place: Place;
beforeAll(() => {
  place = makePlace();
  place.put('archive.tgz', '');
});
afterAll(() => place.dispose());

async function script(shell: string): Promise<string> {
  const { code, stdout } = await place.run(['completion', shell]);
  expect(code).toBe(0);
  return place.put(`completion.${shell}`, stdout);
}

/** Runs a program of the shell's language; its output, line by line. */
async function ask(shell: string, args: readonly string[], env = {}): Promise<string[]> {
  const options = { cwd: place.root, env: { ...place.env, TERM: 'dumb', ...env } };
  const { code, stdout, stderr } = await execute(findProgram(shell)!, args, options);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((line) => line !== '');
}

describe.skipIf(findProgram('bash') === undefined)('bash', () => {
  /** Calls the function that bash calls on Tab, with the words that bash makes of a line. */
  async function complete(line: string, before = ''): Promise<string[]> {
    const words = line.replaceAll('=', ' = ').split(' ');
    const program = `${before}
      source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
      _tarwarden && printf '%s\\n' "\${COMPREPLY[@]}"`;
    const found = await ask('bash', [
      '--norc',
      '-c',
      program,
      'bash',
      await script('bash'),
      ...words,
    ]);
    return found.toSorted();
  }

  it.each(LINES)('%s', async (line, candidates) => {
    expect(await complete(line)).toEqual(candidates);
  });

  it('completes a value behind an equals sign', async () => {
    expect(await complete('tarwarden scan --reporter=nd')).toEqual(['ndjson']);
    expect(await complete('tarwarden scan --reporter=')).toEqual([
      'json',
      'ndjson',
      'sarif',
      'text',
    ]);
  });

  it('asks the completion of a manager', async () => {
    const before = '_comp_command_offset() { COMPREPLY=("from $1"); }';
    expect(await complete('tarwarden npm inst', before)).toEqual(['from 1']);
    expect(await complete('tarwarden go ', before)).toEqual(['from 1']);
    const older = '_command_offset() { COMPREPLY=("from $1"); }';
    expect(await complete('tarwarden npm install --sh', older)).toEqual(['from 1']);
  });
});

describe('fish', { tags: ['fish'] }, () => {
  async function complete(line: string, before = ''): Promise<string[]> {
    const program = `${before}
      source ${await script('fish')}
      complete -C ${JSON.stringify(line)}`;
    const found = await ask('fish', ['--no-config', '-c', program]);
    return found.map((one) => one.split('\t')[0]!).toSorted();
  }

  it.each(LINES)('%s', async (line, candidates) => {
    expect(await complete(line)).toEqual(candidates);
  });

  it('completes a value behind an equals sign', async () => {
    expect(await complete('tarwarden scan --reporter=nd')).toEqual(['--reporter=ndjson']);
  });

  it('asks the completion of a manager', async () => {
    const before = "complete -e npm; complete -c npm -f -a 'install-test --shells'";
    expect(await complete('tarwarden npm inst', before)).toEqual(['install-test']);
    expect(await complete('tarwarden npm install --sh', before)).toEqual(['--shells']);
  });
});

describe('zsh', { tags: ['zsh'] }, () => {
  /**
   * Types a line into an interactive zsh and presses Tab. What is added through `compadd` is written to a file by the
   * inner shell, and so is the line, so that nothing has to be read off a screen.
   */
  async function complete(line: string, before = ''): Promise<string[]> {
    const candidates = join(place.root, 'candidates');
    const setUp = place.put(
      'inner.zsh',
      `autoload -Uz compinit && compinit -u -D
      ${before}
      source ${await script('zsh')}
      compadd() {
        local -a found
        if [[ \${@[(I)-[OAD]]} -gt 0 ]]; then builtin compadd "$@"; return; fi
        builtin compadd -O found "$@"
        print -rl -- $found >> ${candidates}
        builtin compadd "$@"
      }
      try() { : > ${candidates}; zle complete-word; print TRIED }
      zle -N try; bindkey '^T' try
      PS1= PS2= RPS1=
      print READY`,
    );
    place.put('candidates', '');
    const outer = `zmodload zsh/zpty
      zpty inner zsh -f -i
      zpty -w inner ${JSON.stringify(`source ${setUp}`)}
      zpty -r -m inner unused '*READY*'
      zpty -w -n inner ${JSON.stringify(line)}$'\\x14'
      zpty -r -m inner unused '*TRIED*'
      zpty -d inner`;
    await ask('zsh', ['-f', '-c', outer]);
    const found = readFileSync(candidates, 'utf8')
      .split('\n')
      .filter((one) => one !== '');
    return [...new Set(found)].toSorted();
  }

  it.each(LINES)('%s', async (line, candidates) => {
    expect(await complete(line)).toEqual(candidates);
  });

  it('completes a value behind an equals sign', async () => {
    expect(await complete('tarwarden scan --reporter=nd')).toEqual(['ndjson']);
  });

  it('asks the completion of a manager', async () => {
    const before = '_mine() { compadd install-test --shells }; compdef _mine npm';
    expect(await complete('tarwarden npm inst', before)).toEqual(['install-test']);
    expect(await complete('tarwarden npm install --sh', before)).toEqual(['--shells']);
  });
});
