/** Ctrl-C, and a CI that ends a job, must reach npm, and its end must reach the caller. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { envFor, npms, nodePath } from '../../support/managers.ts';
import { closeBench, makeBench, wrapped } from './guarded.ts';

test.each(npms)('%s: a signal goes to npm, and the wrapper ends as npm did', async (npm) => {
  const bench = await makeBench(npm);
  try {
    await wrapped(bench, ['--version']);
    bench.sandbox.write({
      'wait.cjs': `process.on('SIGTERM', () => { console.log('told'); process.exit(5); });
        console.log('ready'); setInterval(() => {}, 1000);`,
      'package.json': { name: 'project', scripts: { wait: 'exec node wait.cjs' } },
    });
    const node = nodePath(npm === 'npm-12' ? 'node-24' : 'system');
    const script = join(bench.sandbox.root, 'wrapper.mjs');
    const child = spawn(node, [script, 'npm', 'run', '--silent', 'wait'], {
      cwd: bench.sandbox.project,
      env: envFor(npm, bench),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output === 'ready\n') child.kill('SIGTERM');
    });
    const [code] = (await once(child, 'close')) as [number | null];
    expect(output).toBe('ready\ntold\n');
    expect(code).not.toBe(0);
    expect(code).not.toBeNull();
  } finally {
    await closeBench(bench);
  }
});
