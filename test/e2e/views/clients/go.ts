/** Bare go, with a module proxy that is a folder. */
import { join } from 'node:path';
import { World, type ClientSample, type ClientSeen } from './world.ts';

/** The module that all samples are. */
const MODULE = 'example.org/team/subject';
const VERSION = 'v1.2.3';

export async function goDownload(go: string, sample: ClientSample): Promise<ClientSeen> {
  const world = new World(sample);
  try {
    // Else a process of its telemetry still writes into the home after go has ended.
    world.write('home/.config/go/telemetry/mode', 'off');
    const base = `proxy/${MODULE}/@v`;
    world.write(`${base}/list`, `${VERSION}\n`);
    world.write(`${base}/${VERSION}.info`, `{"Version":"${VERSION}"}`);
    world.write(`${base}/${VERSION}.mod`, `module ${MODULE}\n`);
    world.write(`${base}/${VERSION}.zip`, sample.bytes);
    const cache = world.folder('mod');
    const result = await world.run(
      [go, 'mod', 'download', `${MODULE}@${VERSION}`],
      {
        GOPROXY: `file://${world.root}/proxy`,
        GOSUMDB: 'off',
        GOFLAGS: '-modcacherw',
        GOTOOLCHAIN: 'local',
        GOMODCACHE: cache,
        GOENV: 'off',
      },
      world.folder('empty'),
    );
    return {
      outcome: result.code === 0 ? 'installs' : 'error',
      files: world.seen(join(cache, `${MODULE}@${VERSION}`)),
      output: `${result.stdout}\n${result.stderr}`,
    };
  } finally {
    world.dispose();
  }
}
