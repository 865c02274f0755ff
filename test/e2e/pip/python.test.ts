// @module-tag pip
/** `tarwarden python3`: a Python that may run pip, and mostly does something else. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { system } from '../../support/pip/pips.ts';
import { world } from './scene.ts';

describe('a Python that is guarded', () => {
  it('runs the sitecustomize and the PYTHONPATH of its user', async () => {
    const own = world(system);
    const mine = join(own.sandbox.root, 'mine');
    own.sandbox.write({ 'sitecustomize.py': 'print("mine ran", __name__)\n', 'it.py': '' }, mine);
    own.env['PYTHONPATH'] = mine;
    expect(await own.guarded('python3', '-c', 'import it; print(it.__file__)')).toMatchObject({
      code: 0,
      stdout: `mine ran sitecustomize\n${join(mine, 'it.py')}\n`,
      stderr: '',
    });
  });

  it('keeps its exit code, its input and its arguments', async () => {
    const own = world(system);
    own.sandbox.write({ 'it.py': 'import sys\nprint(sys.argv)\nsys.exit(7)\n' });
    expect(await own.guarded('python3', 'it.py', '-I', '--help')).toMatchObject({
      code: 7,
      stdout: "['it.py', '-I', '--help']\n",
    });
  });

  it('loads nothing of pip where nothing asks for it', async () => {
    const own = world(system);
    const code = 'import sys; print("pip" in sys.modules, "socket" in sys.modules)';
    expect(await own.guarded('python3', '-c', code)).toMatchObject({ stdout: 'False False\n' });
  });
});
