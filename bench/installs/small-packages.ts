/* A registry of many small packages that are made here, and a project that depends on all of them. */
import { startRegistry } from '../../test/support/registry.ts';
import { tgz } from '../../test/support/pkg.ts';
import type { Mirror } from '../mirror.ts';

export interface SmallPackages extends Mirror {
  readonly project: Readonly<Record<string, unknown>>;
}

export async function smallPackages(count: number): Promise<SmallPackages> {
  const version = '1.0.0';
  const registry = await startRegistry();
  const tarballs = Array.from({ length: count }, (_, index) => {
    const name = `small-${String(index).padStart(5, '0')}`;
    const bytes = tgz({ name, version, files: { 'README.md': `${name}\n` } });
    registry.publish({ name, version, tgz: bytes });
    return { name, bytes };
  });
  return {
    url: registry.url,
    project: {
      name: 'bench-small-packages',
      version,
      private: true,
      dependencies: Object.fromEntries(tarballs.map(({ name }) => [name, version])),
    },
    takeTarballs() {
      const { size } = new Set(registry.downloads());
      registry.log.length = 0;
      return size;
    },
    tarballs: async () => tarballs.map(({ bytes }) => bytes),
    close: () => void registry.close(),
  };
}
