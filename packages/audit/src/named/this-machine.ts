/* Finds out which archives of a version a client on this machine may choose, by their names. */
import { parseWheelFileName } from '@tarwarden/core/metadata';

/** The parts of the system that names of archives mention. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Whether the system's C library is glibc. On Linux, wheels are built for glibc or for musl. */
  readonly isGlibc: boolean;
}

/** The machine on which this process runs. */
export function currentMachine(): Machine {
  const report = process.report?.getReport() as
    | { readonly header?: { readonly glibcVersionRuntime?: string } }
    | undefined;
  const isGlibc = report?.header?.glibcVersionRuntime !== undefined;
  return { platform: process.platform, arch: process.arch, isGlibc };
}

/** How wheels and gems spell processors. Others are spelled as Node spells them. */
const PROCESSORS: Readonly<Record<string, RegExp>> = {
  x64: /(?:^|[_-])(?:x86_64|amd64|x64|universal2?|intel)(?:[_-]|$)/,
  arm64: /(?:^|[_-])(?:arm64|aarch64|universal2)(?:[_-]|$)/,
  ia32: /(?:^|[_-])(?:i[3-6]86|x86|win32)(?:[_-]|$)/,
};

/** Whether pip on this machine may choose a file. The version of Python does not count, because a machine may have several. */
export function isWheelFor({ platform, arch, isGlibc }: Machine, fileName: string): boolean {
  if (!fileName.endsWith('.whl')) return true;
  const tags = /-([^-]+)\.whl$/.exec(fileName)?.[1]?.toLowerCase().split('.') ?? [];
  // pip says what it does with a wheel whose name it cannot read.
  if (parseWheelFileName(fileName) === undefined) return true;
  return tags.some((tag) => {
    if (tag === 'any') return true;
    if (!isProcessor(tag, arch)) return false;
    if (platform === 'linux')
      return tag.startsWith(isGlibc ? 'manylinux' : 'musllinux') || tag.startsWith('linux_');
    return tag.startsWith(platform === 'darwin' ? 'macosx' : 'win');
  });
}

/** Whether RubyGems or Bundler on this machine may choose a gem that is built for a platform: `x86_64-linux`, `arm64-darwin`. */
export function isGemFor({ platform, arch }: Machine, gemPlatform: string): boolean {
  if (gemPlatform === '' || gemPlatform === 'ruby') return true;
  const system = platform === 'linux' ? /linux/ : platform === 'darwin' ? /darwin/ : /mingw|mswin/;
  return system.test(gemPlatform) && isProcessor(gemPlatform, arch);
}

function isProcessor(tag: string, arch: string): boolean {
  return PROCESSORS[arch]?.test(tag) ?? tag.includes(arch);
}
