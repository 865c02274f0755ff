/*
 * Programs that give up rights and then become the client. A process can only confine itself, and Node has no call for that.
 * Perl is in every Debian and in images made from it. Elsewhere there is Python. The programs decide nothing: every number comes
 * from the caller.
 *
 *   probe:    0
 *   confine:  <prctl> <seccomp> <capget> <capset> <unshare> <flags of open> <rights of a file> <capabilities> <fs> <net> <scope> <size>
 * <filter> <temporary> <rules> <rule>... <program>...
 *
 * A program of root gives up all capabilities that are not named: one of them reads the environment of every process. With "no
 * new privileges", a program that root starts gets no more. Inherited capabilities are cleared. The bounding set is lessened
 * where the kernel allows it.
 * A rule is `rights:path`, or `rights:&number` for an open file. A path that does not exist any more gets no rule.
 * `kept:path` is what stays as it is in a folder with rights, which Landlock cannot except. It becomes a mount of its own that can only
 * be read, and a mount cannot be moved or removed. That takes a namespace of mounts, and for a user without privileges one of users, which
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

export const PYTHON: string = String.raw`
import ctypes, os, signal, stat, struct, sys
def stop(why):
    sys.stderr.write('tarwarden: %s; nothing was run\n' % why)
    sys.exit(97)
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def call(number, *args):
    return libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in args])
def why():
    return os.strerror(ctypes.get_errno())
if len(sys.argv) == 2:
    abi = call(444, 0, 0, 1)
    sys.stdout.write(str(abi if abi >= 0 else -ctypes.get_errno()))
    sys.exit(0)
prctl, seccomp, capget, capset, unshare, flags, of_file, keep, fs, net, scope, size = [int(a) for a in sys.argv[1:13]]
steps, count = bytes.fromhex(sys.argv[13]), int(sys.argv[15])
rules, rest = sys.argv[16:16 + count], sys.argv[16 + count:]
kept = [rule[5:] for rule in rules if rule.startswith('kept:')]
rules = [rule for rule in rules if not rule.startswith('kept:')]
if kept:
    user, group = os.geteuid(), os.getegid()
    if call(unshare, 0x20000) != 0:
        if call(unshare, 0x10020000) != 0:
            stop('unshare: ' + why())
        maps = [('setgroups', 'deny'), ('uid_map', '%d %d 1' % (user, user)), ('gid_map', '%d %d 1' % (group, group))]
        for name, text in maps:
            try:
                with open('/proc/self/' + name, 'w') as file:
                    file.write(text)
            except OSError as error:
                stop('%s: %s' % (name, error.strerror))
    if call(442, -100, b'/', 0x8000, struct.pack('=4Q', 0, 0, 1 << 18, 0), 32) != 0:
        stop('mount_setattr: ' + why())
    for path in kept:
        try:
            file = os.open(path, flags)
        except FileNotFoundError:
            continue
        except OSError as error:
            stop('%s: %s' % (path, error.strerror))
        if stat.S_ISLNK(os.fstat(file).st_mode):
            stop('%s became a link' % path)
        tree = call(428, file, b'', 0x89001)
        if tree < 0:
            stop('open_tree %s: %s' % (path, why()))
        if call(442, tree, b'', 0x9000, struct.pack('=4Q', 1, 0, 0, 0), 32) != 0:
            stop('mount_setattr %s: %s' % (path, why()))
        if call(429, tree, b'', file, b'', 0x44) != 0:
            stop('move_mount %s: %s' % (path, why()))
    os.chdir(os.getcwd())
ruleset = call(444, struct.pack('=QQQ', fs, net, scope), size, 0)
if ruleset < 0:
    stop('landlock_create_ruleset: ' + why())
for rule in rules:
    rights, path = rule.split(':', 1)
    opened = path.startswith('&')
    try:
        file = int(path[1:]) if opened else os.open(path, flags)
        kind = stat.S_IFMT(os.fstat(file).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        continue
    except OSError as error:
        if opened:
            continue
        stop('%s: %s' % (path, error.strerror))
    if kind == stat.S_IFLNK:
        stop('%s became a link' % path)
    given = int(rights) & fs & (-1 if kind == stat.S_IFDIR else of_file)
    if given and call(445, ruleset, 1, struct.pack('=Qi', given, file), 0) != 0 and not opened:
        stop('landlock_add_rule %s: %s' % (path, why()))
    if not opened:
        os.close(file)
for capability in range(64):
    if not keep >> capability & 1:
        call(prctl, 24, capability, 0, 0, 0)
if call(prctl, 38, 1, 0, 0, 0) != 0:
    stop('no_new_privs: ' + why())
version, held = struct.pack('=II', 0x20080522, 0), ctypes.create_string_buffer(24)
if call(capget, version, held) != 0:
    stop('capget: ' + why())
effective, permitted = [mask & keep for mask in struct.unpack('=II', held.raw[:8])]
if call(capset, version, struct.pack('=6I', effective, permitted, 0, 0, 0, 0)) != 0:
    stop('capset: ' + why())
if call(446, ruleset, 0) != 0:
    stop('landlock_restrict_self: ' + why())
code = ctypes.create_string_buffer(steps, len(steps))
if call(seccomp, 1, 0, struct.pack('=H6xQ', len(steps) // 8, ctypes.addressof(code))) != 0:
    stop('seccomp: ' + why())
if call(436, 3, 4294967295, 4) != 0:
    stop('close_range: ' + why())
for name in ('SIGPIPE', 'SIGXFSZ', 'SIGXFZ'):
    if hasattr(signal, name):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
for name in ('TMPDIR', 'TMP', 'TEMP'):
    os.environ[name] = sys.argv[14]
try:
    os.execv(rest[0], rest)
except OSError as error:
    stop('%s: %s' % (rest[0], error.strerror))
`;
