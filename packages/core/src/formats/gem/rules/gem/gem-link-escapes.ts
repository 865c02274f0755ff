import { Typeflag } from '../../../../containers/entry.ts';
import { unsafePath } from '../../../../metadata/manifest.ts';
import type { TreeRule } from '../../../../rules/rule.ts';
import { LinkWalk, type Link } from '../../../../tree/links.ts';
import { quote } from '../../../../text/printable.ts';

/**
 * `escaping-link` checks where a link leads if all other links are followed. RubyGems looks at the path alone, and refuses a link if
 * that path leads out. This rule checks both for gems, under every policy. The second check would reject links in sdists that Python
 * follows. Hard links, which `escaping-link` checks as well, are always an error in a gem.
 */
export const gemLinkEscapes: TreeRule = {
  kind: 'tree',
  id: 'gem-link-escapes',
  level: 'error',
  summary: 'A symbolic link points to a file outside of the gem',
  advice: {
    forUsers:
      'Do not install it: the link leads to files that do not belong to the gem. Some versions of RubyGems refuse it, and others create it.',
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

/** Checks the path of the link as RubyGems does. */
function asWritten({ key, entry }: Link): string | undefined {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  return unsafePath(folder + entry.linkpath);
}
