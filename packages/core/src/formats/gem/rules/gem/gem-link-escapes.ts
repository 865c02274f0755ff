import { Typeflag } from '../../../../containers/entry.ts';
import { unsafePath } from '../../../../metadata/manifest.ts';
import type { TreeRule } from '../../../../rules/rule.ts';
import { LinkWalk, type Link } from '../../../../tree/links.ts';
import { quote } from '../../../../text/printable.ts';

/**
 * Not `escaping-link`, which asks what a link leads to when all others are followed. RubyGems goes by the path alone, and refuses
 * what that calls outside: both are asked of a gem, and no policy switches them off. To ask the same of sdists would reject links
 * that Python follows. Hard links, which `escaping-link` asks about as well, are always an error here.
 */
export const gemLinkEscapes: TreeRule = {
  kind: 'tree',
  id: 'gem-link-escapes',
  level: 'error',
  summary: 'A symbolic link leads out of the gem',
  advice: {
    forUsers:
      "Do not install it: RubyGems refuses such a link in some versions and made it in others, and it leads to files that are not the gem's.",
    forPublishers: 'Link with relative targets inside the gem, or ship files.',
  },
  check: (tree, report) => {
    const walk = new LinkWalk(tree.links);
    for (const link of tree.links.values()) {
      if (link.entry.typeflag !== Typeflag.Symlink) continue;
      const why = walk.escapeOf(link, '') ?? asWritten(link);
      if (why !== undefined) report(`to ${quote(link.entry.linkpath)}: ${why}`, link.entry);
    }
  },
};

/** As RubyGems checks it. */
function asWritten({ key, entry }: Link): string | undefined {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  return unsafePath(folder + entry.linkpath);
}
