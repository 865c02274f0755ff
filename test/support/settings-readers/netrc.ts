import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netrcLines } from '@tarwarden/clients/settings';
import type { NetrcLine } from '../../../packages/clients/src/shared/netrc.ts';
import { repository } from '../managers.ts';
import { missingPrograms } from '../requirements.ts';
import { askAll, environmentOf } from './neighbours.ts';
import type { Answer, SettingsSubject, WrittenCase } from './subject.ts';

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

export const netrcSubject: SettingsSubject & { readonly isAvailable: boolean } = {
  isAvailable: !missingPrograms.includes('go'),
  ask: async (cases) => askAll(goReader(), [], cases),
  read: (written): Answer =>
    Object.fromEntries(
      netrcLines(optionsOf(written))
        .toReversed()
        .map((line) => [line.machine, login(line)]),
    ),
};
