import { runCommand } from './cli.ts';

/**
 * Lowest Node this runs on: the floor of package.json's `engines`. Compared by hand, because every command would wait for
 * semver to load.
 */
const FLOOR = [20, 19] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < FLOOR[0] || (major === FLOOR[0] && minor < FLOOR[1])) {
  process.stderr.write(
    `tarwarden: needs Node ${FLOOR.join('.')} or newer, and this is Node ${process.versions.node}\n`,
  );
  process.exitCode = 2;
} else {
  const unfinished = (): void => {
    process.stderr.write(
      'tarwarden: this is a bug of tarwarden; it ended before it had an answer\n',
    );
    process.exitCode = 2;
  };
  // Where nothing is left to wait for, Node ends with 0, whatever the command had found.
  process.once('beforeExit', unfinished);
  void runCommand(process.argv.slice(2), import.meta.url).then((code) => {
    process.off('beforeExit', unfinished);
    process.exitCode = code;
  });
}
