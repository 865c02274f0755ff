/** A project in a home folder of its own, and what confinement makes of a command line there. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  foldersOf,
  type ClientStep,
  type Project,
} from '../../../packages/confine/src/clients/client.ts';
import { clientOf, stepsOf, type ClientName } from '../../../packages/confine/src/clients/index.ts';

export interface ConfineProject {
  readonly home: string;
  readonly root: string;
  /** Writes a file below the home folder. */
  write(path: string, content: string | object): void;
  project(args: string, more?: Partial<Project>): Project;
  /** Steps, one line each. */
  steps(client: ClientName, args: string, more?: Partial<Project>): string[];
  folders(client: ClientName, args: string, env?: NodeJS.ProcessEnv): readonly string[];
  /** The root of the project that a client finds from a folder below the home folder. */
  rootOf(client: ClientName, cwd: string, args?: string): string;
  dispose(): void;
}

export function makeConfineProject(): ConfineProject {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-clients-')));
  const root = join(home, 'project');
  mkdirSync(root);
  const project = (args: string, more: Partial<Project> = {}): Project => ({
    args: args.split(' ').filter((one) => one !== ''),
    cwd: root,
    env: { HOME: home },
    program: process.execPath,
    root,
    networkPackages: [],
    ...more,
  });
  return {
    home,
    root,
    project,
    write(path, content) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      writeFileSync(join(home, path), text);
    },
    steps: (client, args, more) => [...stepsOf(client, project(args, more))].map(line),
    folders: (client, args, env) =>
      foldersOf(clientOf(client), project(args, { env: { HOME: home, ...env } })),
    rootOf: (client, cwd, args = '') =>
      clientOf(client).root(project(args, { cwd: join(home, cwd) })),
    dispose: () => rmSync(home, { recursive: true, force: true }),
  };
}

function line({ phase, args, network, optional, program }: ClientStep): string {
  const words = [
    phase,
    ...(network === true ? ['network'] : []),
    ...(optional ? ['optional'] : []),
  ];
  return `${words.join(' ')}: ${program === undefined ? args.join(' ') : 'a program'}`;
}
