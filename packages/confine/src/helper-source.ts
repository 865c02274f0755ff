/*
 * A program that gives up rights and then becomes the client. A process can only confine itself, and Node has no call for that.
 * Perl is in every Debian and in images made from it. The program decides nothing: every number comes from the caller.
 *
 *   probe:    0
 *   confine:  <prctl> <seccomp> <capget> <capset> <unshare> <flags of open> <rights of a file> <capabilities> <fs> <net> <scope> <size>
 * <filter> <temporary> <rules> <rule>... <program>...
 *
 * A helper of root gives up all capabilities that are not named: one of them reads the environment of every process. With "no
 * new privileges", a program that root starts gets no more. Inherited capabilities are cleared. The bounding set is lessened
 * where the kernel allows it.
 * A rule is `rights:path`, or `rights:&number` for an open file. A path that does not exist any more gets no rule.
 * `kept:path` names a path that must not change, in a folder with rights. Landlock has no exceptions, so the path becomes a mount that can
 * only be read, and a mount cannot be moved or removed. That needs a namespace of mounts, and for a user without privileges one of users, which
 * maps this user alone. The working directory is entered once more, since it may lie behind such a mount.
 */

export const PERL: string = String.raw`
use strict;
sub stop { print STDERR "tarwarden: $_[0]; nothing was run\n"; exit 97 }
if (@ARGV == 1) { my $abi = syscall(444, 0, 0, 1); print $abi < 0 ? -($! + 0) : $abi; exit 0 }
my ($prctl, $seccomp, $capget, $capset, $unshare, $open, $ofFile, $keep, $fs, $net, $scope, $size, $filter, $temporary, $count, @rest) = @ARGV;
my @rules = splice @rest, 0, $count;
my @kept = map { /^kept:(.*)\z/s ? $1 : () } @rules;
@rules = grep { !/^kept:/ } @rules;
if (@kept) {
  my ($empty, $top) = ('', '/');
  my ($private, $readonly) = (pack('Q4', 0, 0, 1 << 18, 0), pack('Q4', 1, 0, 0, 0));
  if (syscall($unshare + 0, 0x20000) != 0) {
    my ($user, $group) = ($>, split ' ', $));
    syscall($unshare + 0, 0x10020000) == 0 or stop("unshare: $!");
    for (['setgroups', 'deny'], ['uid_map', "$user $user 1"], ['gid_map', "$group $group 1"]) {
      open my $map, '>', "/proc/self/$$_[0]" or stop("$$_[0]: $!");
      defined syswrite $map, $$_[1] or stop("$$_[0]: $!");
    }
  }
  syscall(442, -100, $top, 0x8000, $private, 32) == 0 or stop("mount_setattr: $!");
  for my $path (@kept) {
    sysopen my $file, $path, $open + 0 or $! == 2 && next or stop("$path: $!");
    stop("$path became a link") if ((stat $file)[2] & 0170000) == 0120000;
    my $tree = syscall(428, fileno $file, $empty, 0x89001);
    stop("open_tree $path: $!") if $tree < 0;
    syscall(442, $tree, $empty, 0x9000, $readonly, 32) == 0 or stop("mount_setattr $path: $!");
    syscall(429, $tree, $empty, fileno $file, $empty, 0x44) == 0 or stop("move_mount $path: $!");
  }
  my $here = readlink '/proc/self/cwd';
  chdir $here or stop("$here: $!");
}
my $attr = pack 'QQQ', $fs, $net, $scope;
my $set = syscall(444, $attr, $size + 0, 0);
stop("landlock_create_ruleset: $!") if $set < 0;
for my $rule (@rules) {
  my ($rights, $path) = $rule =~ /^(\d+):(.*)\z/s or stop('a rule is malformed');
  my $file;
  if ($path =~ /^&(\d)\z/) { open $file, '<&=', $1 or next }
  elsif (!sysopen $file, $path, $open + 0) { next if $! == 2 || $! == 20; stop("$path: $!") }
  my $kind = (stat $file)[2] & 0170000;
  stop("$path became a link") if $kind == 0120000;
  $rights = ($rights + 0) & ($ofFile + 0) if $kind != 0040000;
  next if $rights == 0;
  my $beneath = pack 'Ql', ($rights + 0) & ($fs + 0), fileno $file;
  next if (($rights + 0) & ($fs + 0)) == 0 || syscall(445, $set, 1, $beneath, 0) == 0;
  stop("landlock_add_rule $path: $!") unless $path =~ /^&/;
}
$keep >> $_ & 1 or syscall($prctl + 0, 24, $_, 0, 0, 0) for 0 .. 63;
syscall($prctl + 0, 38, 1, 0, 0, 0) == 0 or stop("no_new_privs: $!");
my ($version, $held) = (pack('LL', 0x20080522, 0), "\0" x 24);
syscall($capget + 0, $version, $held) == 0 or stop("capget: $!");
my ($effective, $permitted) = map { $_ & ($keep + 0) } unpack 'L2', $held;
my $left = pack 'L6', $effective, $permitted, 0, 0, 0, 0;
syscall($capset + 0, $version, $left) == 0 or stop("capset: $!");
syscall(446, $set, 0) == 0 or stop("landlock_restrict_self: $!");
my $steps = pack 'H*', $filter;
my $program = pack 'Sx6P', length($steps) / 8, $steps;
syscall($seccomp + 0, 1, 0, $program) == 0 or stop("seccomp: $!");
syscall(436, 3, 4294967295, 4) == 0 or stop("close_range: $!");
$ENV{$_} = $temporary for qw(TMPDIR TMP TEMP);
exec { $rest[0] } @rest or stop("$rest[0]: $!");
`;
