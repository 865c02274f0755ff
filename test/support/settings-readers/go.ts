import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { goLayers, goSetting } from '@tarwarden/settings';
import { findProgram } from '../programs.ts';
import { askOne, environmentOf, whereIs } from './neighbours.ts';
import type { Answer, SettingsSubject, WrittenCase } from './subject.ts';

/** Settings of go that this repository reads. */
const GO_NAMES = [
  'GOPROXY',
  'GOPRIVATE',
  'GONOPROXY',
  'GONOSUMDB',
  'GOMODCACHE',
  'GOPATH',
  'GOAUTH',
  'GOFLAGS',
];

async function askGo(written: WrittenCase): Promise<Answer> {
  const cwd = join(written.folder, 'project');
  const env = { PATH: process.env['PATH'] ?? '', GOTOOLCHAIN: 'local', ...environmentOf(written) };
  const text = await askOne(findProgram('go') ?? 'go', ['env', '-json', ...GO_NAMES], { cwd, env });
  return text === undefined ? 'refused' : (JSON.parse(text) as Answer);
}

function goAnswer(written: WrittenCase): Answer {
  const where = whereIs(written);
  const layers = goLayers(where);
  if (layers.some(({ unreadable }) => unreadable !== undefined)) return 'refused';
  return Object.fromEntries(GO_NAMES.map((name) => [name, goSetting(layers, where, name)]));
}

export const goSubject: SettingsSubject = {
  async ask(cases) {
    const answers: Answer[] = [];
    for (const written of cases) {
      mkdirSync(join(written.folder, 'root'), { recursive: true });
      // oxlint-disable-next-line no-await-in-loop -- a start takes some milliseconds, and there are two cores
      answers.push(await askGo(written));
    }
    return answers;
  },
  read: goAnswer,
};
