/** Names that npm's registry has or ever had. None of them leads to another path of a registry or a disk. */
const NAME = /^(?:@[a-z0-9~!'()*_-][a-z0-9~!'()*._-]*\/)?[a-z0-9~!'()*_-][a-z0-9~!'()*._-]*$/i;
const NAME_CHARS_MAX = 214;

export function isPackageName(name: string): boolean {
  return name.length <= NAME_CHARS_MAX && NAME.test(name);
}
