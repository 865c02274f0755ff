/** Why Jazzer.js cannot run here, if so: its binary is built for some platforms, on Linux against glibc 2.38. */
export function whyNot(): string | undefined {
  const platform = `${process.platform}-${process.arch}`;
  const built = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'];
  if (!built.includes(platform)) return `Jazzer.js has no binary for ${platform}`;
  if (process.platform !== 'linux') return undefined;
  const { header } = process.report.getReport() as unknown as {
    header: { glibcVersionRuntime?: string };
  };
  const [major = 0, minor = 0] = (header.glibcVersionRuntime ?? '0').split('.').map(Number);
  if (major > 2 || (major === 2 && minor >= 38)) return undefined;
  return `Jazzer.js needs glibc 2.38, here is ${header.glibcVersionRuntime ?? 'none'}`;
}
