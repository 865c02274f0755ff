# Reads gems with RubyGems' own reader. Each request is a length of 4 bytes and the gem; each answer is one line of JSON.
require "digest"
require "find"
require "json"
require "rubygems"
require "rubygems/package"
require "rubygems/user_interaction"
require "stringio"
require "tmpdir"

Gem::DefaultUserInteraction.ui = Gem::SilentUI.new
$stderr.reopen(File::NULL)

# RubyGems could not make a specification of what the document says; the content was not looked at.
class Refusal < StandardError
end

def spec_in(package)
  package.spec
rescue Psych::Exception
  raise
rescue StandardError => error
  raise Refusal, "#{error.class}: #{error.message}"
end

def shown(value)
  value.is_a?(String) ? value.dup.force_encoding("UTF-8").scrub : "#{value.class} #{value.inspect}"
end

def list(value)
  value.is_a?(Array) ? value.map { |one| shown(one) } : shown(value)
end

def spec_of(spec)
  {
    name: shown(spec.name),
    version: shown(spec.version.version),
    platform: shown(spec.original_platform.to_s),
    fullName: shown(spec.full_name),
    bindir: shown(spec.bindir),
    executables: list(spec.executables),
    extensions: list(spec.extensions),
    requirePaths: list(spec.raw_require_paths),
    files: list(spec.files),
    folder: spec.gem_dir.delete_prefix(spec.gems_dir + "/"),
  }
end

# `files` of a specification is made of more than the field, so the field is taken.
class Gem::Specification
  def files
    @files
  end
end

# The document as libyaml has it: [kind, tag, value …], an alias as what it stands for.
def document_of(package)
  _, raw = Gem::Package.raw_spec(package)
  text = Gem::Specification.normalize_yaml_input(raw.dup.force_encoding("UTF-8"))
  @anchors = {}
  @nodes = 0
  shown_node(Psych.parse(text).root)
end

def shown_node(node)
  @nodes += 1
  raise "too many nodes" if @nodes > 200_000
  made =
    case node
    when Psych::Nodes::Alias then return @anchors.fetch(node.anchor)
    when Psych::Nodes::Scalar
      tag = node.tag == "!" ? nil : node.tag
      ["scalar", tag, node.value, tag.nil? && !node.quoted]
    when Psych::Nodes::Sequence then ["list", node.tag, node.children.map { |one| shown_node(one) }]
    else ["map", node.tag, node.children.each_slice(2).map { |key, value| [key.value, shown_node(value)] }]
    end
  @anchors[node.anchor] = made if node.anchor
  made
end

def tree_of(folder)
  found = []
  Find.find(folder) do |path|
    next if path == folder
    stat = File.lstat(path)
    name = path.delete_prefix(folder + "/").dup.force_encoding("UTF-8").scrub
    if stat.symlink?
      found << [name, "link", 0, File.readlink(path)]
    elsif stat.file?
      found << [name, "file", stat.mode & 0o777, Digest::SHA256.file(path).hexdigest]
    elsif !stat.directory?
      found << [name, "other", 0, ""]
    end
  end
  found
end

def answer(data)
  Dir.mktmpdir("tarwarden-rubygems-") do |folder|
    file = File.join(folder, "a.gem")
    File.binwrite(file, data)
    package = Gem::Package.new(file)
    spec = spec_in(package)
    into = File.join(folder, "into", "gem")
    package.extract_files(into)
    beside = Dir.children(File.join(folder, "into")) - ["gem"]
    raise "it wrote beside its folder" unless beside.empty?
    { rubygems: Gem::VERSION, spec: spec_of(spec), contents: package.contents, files: tree_of(into), document: document_of(file) }
  end
end

$stdout.sync = true
$stdin.binmode
loop do
  head = $stdin.read(4)
  break if head.nil? || head.length < 4
  body = $stdin.read(head.unpack1("N"))
  begin
    puts JSON.generate(answer(body))
  rescue Exception => error # every refusal is an answer
    puts JSON.generate(error: "#{error.class}: #{error.message}"[0, 500].dup.force_encoding("UTF-8").scrub)
  end
end
