import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goNetrc, pythonNetrc, type NetrcLine } from '@tarwarden/settings';
import { repository } from '../../support/managers.ts';
import { missingPrograms } from '../../support/requirements.ts';
import type { Random } from '../random.ts';
import { askAll, environmentOf, oddText } from './neighbours.ts';
import type { Answer, SettingsSubject, WrittenCase } from './subject.ts';

const HOSTS = ['a.test', 'b.test', 'x'];

/** requests, as pip has it. */
const PYTHON = `
import json, os, sys
from pip._vendor.requests.utils import get_netrc_auth
def answer(case):
    os.environ.clear()
    os.environ.update(case["env"])
    os.chdir(case["project"])
    found = {host: get_netrc_auth("https://" + host + "/") for host in ${JSON.stringify(HOSTS)}}
    return {host: json.dumps(list(auth)) for host, auth in found.items() if auth}
print(json.dumps([answer(case) for case in json.load(sys.stdin)]))
`;

/** The file of go that reads a netrc, with a main function that reads one for each case. */
const GO_MAIN = `
func main() {
	var cases []struct{ Env map[string]string; Project string }
	json.NewDecoder(os.Stdin).Decode(&cases)
	answers := []map[string]string{}
	for _, one := range cases {
		os.Clearenv()
		for name, value := range one.Env { os.Setenv(name, value) }
		os.Chdir(one.Project)
		path, _ := netrcPath()
		data, _ := os.ReadFile(path)
		found := map[string]string{}
		lines := parseNetrc(string(data))
		for i := len(lines) - 1; i >= 0; i-- {
			text, _ := json.Marshal([]string{lines[i].login, lines[i].password})
			found[lines[i].machine] = string(text)
		}
		answers = append(answers, found)
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}
`;

let goProgram: string | undefined;

/** Builds the program once. */
function goReader(): string {
  if (goProgram !== undefined) return goProgram;
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-netrc-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const root = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  const source = readFileSync(join(root, 'src/cmd/go/internal/auth/netrc.go'), 'utf8');
  const main = source
    .replace(/^package auth$/m, 'package main')
    .replace(/^import \($/m, 'import (\n\t"encoding/json"');
  writeFileSync(join(folder, 'main.go'), main + GO_MAIN);
  const env = {
    ...process.env,
    GO111MODULE: 'off',
    GOCACHE: join(repository, 'node_modules/.cache/go-build'),
  };
  const out = join(folder, 'read-netrc');
  execFileSync('go', ['build', '-o', out, 'main.go'], { cwd: folder, env });
  goProgram = out;
  return out;
}

const login = ({ login: user, password }: NetrcLine): string =>
  // As JSON is printed by go.
  JSON.stringify([user, password]);

const optionsOf = (written: WrittenCase) => ({
  env: environmentOf(written),
  folder: join(written.folder, 'project'),
});

const generate: SettingsSubject['generate'] = (random) => ({
  files: Object.fromEntries(
    ['home/.netrc', 'home/_netrc', 'home/named', 'project/named']
      .filter((file) => file === 'home/.netrc' || random.chance(2))
      .map((file) => [file, text(random)]),
  ),
  env: random.chance(3) ? { NETRC: random.pick(['', '~/named', 'named', '@/home/named']) } : {},
});

function text(random: Random): string {
  return Array.from({ length: 1 + random.int(4) }, () => piece(random)).join('');
}

function piece(random: Random): string {
  const space = random.pick([' ', ' ', '\n', '\n', '\r\n', '\t', '\n\n', '  \n', '\r']);
  const odd = oddText(random).replaceAll(/[\u007F-\uFFFF<>&]/g, 'é');
  const value = (): string =>
    random.chance(6) ? odd : random.pick(['me', 'secret', '"my word"', 'a\\ b', 'p#1']);
  const words = [
    `machine ${random.pick(HOSTS)}`,
    ...(random.chance(8) ? ['default'] : []),
    ...(random.chance(6) ? [`account ${value()}`] : []),
    ...(random.chance(8) ? ['# a comment'] : []),
    ...(random.chance(5) ? [] : [`${random.pick(['login', 'login', 'user'])} ${value()}`]),
    ...(random.chance(6) ? [] : [`password ${value()}`]),
  ];
  const between = random.chance(3) ? ' ' : space;
  const written = random.chance(8)
    ? random.pick(['macdef init\nx y\n', '# comment', '#comment here', '#', 'default', odd])
    : words.slice(random.chance(8) ? 1 : 0).join(between);
  return written + space;
}

export const netrcSubjects: readonly SettingsSubject[] = [
  {
    client: 'netrc-python',
    isAvailable: !missingPrograms.includes('pip'),
    batch: 300,
    generate,
    ask: async (cases) => askAll('/usr/bin/python3', ['-X', 'utf8', '-c', PYTHON], cases),
    read: (written): Answer =>
      Object.fromEntries(
        HOSTS.flatMap((host) => {
          const found = pythonNetrc(host, optionsOf(written));
          return found === undefined ? [] : [[host, pythonJson(login(found))]];
        }),
      ),
  },
  {
    client: 'netrc-go',
    isAvailable: !missingPrograms.includes('go'),
    batch: 300,
    generate,
    ask: async (cases) => askAll(goReader(), [], cases),
    read: (written): Answer =>
      Object.fromEntries(
        goNetrc(optionsOf(written))
          .toReversed()
          .map((line) => [line.machine, login(line)]),
      ),
  },
];

/** As Python's json.dumps has a list: with a space, and with escapes for what is not ASCII. */
function pythonJson(json: string): string {
  const [user, password] = JSON.parse(json) as [string, string];
  const escaped = (part: string): string =>
    JSON.stringify(part).replaceAll(
      /[\u007F-\uFFFF]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return `[${escaped(user)}, ${escaped(password)}]`;
}
