# frozen_string_literal: true

# tarwarden's guard for RubyGems and Bundler, which Ruby loads at its start (RUBYOPT=-r). Every gem is reported to the wrapper by
# path and SHA-256: a download before it is written to a cache, and any file where it is read, unpacked or copied. Nothing is
# read or decided here. A Ruby that loads neither RubyGems' packages nor Bundler only gets a hook at the end of classes. No
# library is required before a gem is inspected: as RubyGems counts, a default gem would be activated before Bundler sets up.
require_relative "tarwarden_copies"
require_relative "tarwarden_entries"
require_relative "tarwarden_installed"
require_relative "tarwarden_names"

module Tarwarden
  UNSUPPORTED = 97
  NONCE = ENV.delete("TARWARDEN_INSPECTOR_NONCE")
  ESCAPES = { "n" => "\n", "r" => "\r", "t" => "\t", "b" => "\b", "f" => "\f" }.freeze
  NO_FILE = ("0" * 64).freeze # which no file has as its SHA-256
  LOCK = Mutex.new
  Refusal = Module.new # in the error of a refusal
  @accepted = {}

  # Bundler folds long lines of an error at the width of the terminal. A folded command cannot be pasted.
  class Unfolded < String
    def split(*)
      [self]
    end

    def length
      0
    end
  end

  class << self
    def ask(question)
      require "socket.so"
      kind, address = ENV.fetch("TARWARDEN_INSPECTOR", "").split(":", 2)
      question = { token: ENV["TARWARDEN_INSPECTOR_TOKEN"] }.merge(question)
      socket = kind == "tcp" ? TCPSocket.new(*address.split(":")) : UNIXSocket.new(address.to_s)
      socket.write("{#{question.map { |key, value| "#{text(key)}:#{text(value)}" }.join(",")}}\n")
      answer = socket.gets.to_s.dup.force_encoding("UTF-8")
      [answer[/\A\{"status":"([a-z]+)"/, 1] || "error", plain(answer[/,"message":"(.*)"\}\n?\z/, 1].to_s)]
    rescue SystemCallError, IOError => error
      ["error", "tarwarden: the inspector does not answer (#{error.message})"]
    ensure
      socket.close if socket
    end

    def text(value) # in JSON
      %("#{value.to_s.dup.force_encoding("UTF-8").scrub.gsub(/[\x00-\x1f"\\]/) { |char| format('\u%04x', char.ord) }}")
    end

    def plain(json)
      json.gsub(/\\(?:u(\h{4})|(.))/) { $1 ? [$1.hex].pack("U").scrub : ESCAPES.fetch($2, $2) }
    end

    def stop(reason)
      ask(ask: "unsupported", reason: reason)
      warn "tarwarden: #{reason}: refusing to run unguarded"
      [$stdout, $stderr].each(&:flush)
      exit!(UNSUPPORTED)
    end

    def hello(client)
      @client = client
      @installed ||= {}
      return unless NONCE
      version = client == "gem" ? Gem::VERSION : Bundler::VERSION
      status, message = ask(ask: "hello", guard: "1", client: "#{client} #{version}", nonce: NONCE)
      stop(message) unless status == "welcome"
    end

    # Notes the gem that is requested while the block runs.
    def asking(spec, source = nil, &block)
      platforms = [spec.platform, (spec.original_platform if spec.respond_to?(:original_platform))]
      platforms.uniq.each { |platform| check_name(spec.name, spec.version, platform) }
      within(:tarwarden, { name: spec.name, version: spec.version.to_s, **entries_of(spec, source) }, &block)
    end

    def within(key, value)
      outer = Thread.current[key]
      Thread.current[key] = value
      yield
    ensure
      Thread.current[key] = outer
    end

    def check_file(path)
      File.open(path, "rb") { |io| check(io, path) } if path && File.file?(path)
    end

    # Yields the content of the gem at `path`, and its SHA-256: the open file, or a copy if others could write to the file.
    def reading(io, path)
      return yield io, nil if Thread.current[:tarwarden_listing]
      refused
      return yield io, check(io, path) unless others_write?(io.stat)
      private_copy(io, io.stat.mode & 0o777) { |copy| yield copy, check(copy, path) }
    end

    # The open file `io` of the gem at `path`; the file that the wrapper reads has to have its SHA-256, which is returned.
    def check(io, path)
      refused
      stat = io.stat
      file = [File.realpath(io.path), stat.dev, stat.ino, stat.size, stat.mtime, stat.ctime, Thread.current[:tarwarden]]
      @accepted[file] ||= digest(io).tap { |sha256| inspect_as(sha256, file[0], **described(path)) }
    end

    def changed(path)
      inspect_as(NO_FILE, File.expand_path(path), **described(path))
    end

    def check_bytes(bytes, **about)
      refused
      private_copy(bytes) { |copy| inspect_as(digest(copy), copy.path, **about) }
    end

    # A client may ignore an error or try again, so every later call raises the same refusal.
    def refused
      raise @refusal if @refusal
    end

    private

    def described(path)
      { fileName: File.basename(path), source: File.expand_path(path) }
    end

    # A path of Unix need not be UTF-8.
    def path_field(path)
      path.dup.force_encoding("UTF-8").valid_encoding? ? { path: path } : { pathHex: path.unpack1("H*") }
    end

    def digest(io)
      require "digest"
      digest, piece = Digest::SHA256.new, String.new
      digest << piece while io.read(1 << 20, piece)
      io.rewind
      digest.hexdigest
    end

    def inspect_as(sha256, path, **about)
      expected = Thread.current[:tarwarden] || {}
      return if @accepted[[sha256, about[:fileName], expected]]
      about[:use] = "publish" if Thread.current[:tarwarden_publishing]
      status, message = ask(ask: "inspect", **path_field(path), sha256: sha256, format: "gem", **about, **expected)
      # An archive that is accepted under a name and version is accepted without them as well.
      return [expected, {}].each { |identity| @accepted[[sha256, about[:fileName], identity]] = true } if status == "accept"
      refuse(message)
    end

    def refuse(message)
      LOCK.synchronize { @refusal ||= refusal(message) }
      # RubyGems and Bundler wait for their threads, and report what these raise.
      Thread.current.report_on_exception = false
      raise @refusal
    end

    # The error has no backtrace, because it is no bug. After a Gem::InstallError, gem goes on with the next gem. For errors that are not its own, Bundler prints the form for its bugs.
    def refusal(message)
      kind = @client == "bundler" ? Bundler::SecurityError : Gem::Exception
      text = @client == "bundler" ? Unfolded.new(message) : message
      const_set(:Refused, Class.new(kind) { include Refusal }).new(text).tap { |error| error.set_backtrace([]) }
    end
  end

  module Fetching # Gem::RemoteFetcher, and Bundler's
    def download(spec, source, *rest)
      Tarwarden.asking(spec, source) do
        path = super
        begin
          Tarwarden.check_file(path)
        rescue Refusal
          # RubyGems has copied this file just now. A download is inspected before it is written.
          File.delete(path) if source.to_s.start_with?("file:")
          raise
        end
        path
      end
    end

    def cache_update_path(uri, path = nil, update = true)
      return super unless path.to_s.end_with?(".gem")
      Tarwarden.refused
      data = super(uri, path, false)
      Tarwarden.check_bytes(data, fileName: File.basename(path), source: uri)
      Gem.write_binary(path, data) if update
      data
    end
  end

  module Package # would copy the file that is at the path by then
    def copy_to(path)
      return super unless @gem.is_a?(Gem::Package::FileSource)
      @gem.with_read_io { |io| File.open(path, "wb", io.stat.mode & 0o777) { |copy| IO.copy_stream(io, copy) } } unless File.exist?(path)
    end
  end

  module FileSource # reads every gem in a file: once for the gemspec, and once for the content
    def with_read_io
      super do |io|
        Tarwarden.reading(io, path) do |gem, sha256|
          beginning = gem.read(20) # which RubyGems has read before, to choose the format
          gem.rewind
          Tarwarden.changed(path) if sha256 && [@tarwarden ||= sha256, @start || beginning] != [sha256, beginning]
          yield gem
        end
      end
    end
  end

  module IOSource
    def with_read_io
      super do |io|
        name = io.respond_to?(:path) && io.path ? File.basename(io.path) : "stream.gem"
        bytes = io.read
        Tarwarden.check_bytes(bytes, fileName: name)
        require "stringio"
        yield StringIO.new(bytes)
      end
    end
  end

  module Local # gems in the current folder: all of them are listed, and the chosen ones are read again
    def load_specs(*)
      Tarwarden.within(:tarwarden_listing, true) { super }
    end
  end

  module Cached # gems that Bundler finds in vendor/cache and elsewhere, which it may copy without reading them
    def cached_gem(spec, *rest)
      Tarwarden.asking(spec) { super.tap { |path| Tarwarden.check_file(path) } }
    end

    def fetch_gem(spec, *rest)
      Tarwarden.asking(spec) { super.tap { |path| Tarwarden.check_file(path) } }
    end

    # Checks the copy: the file at the path may have changed when it was copied.
    def cache(spec, custom_path = nil)
      copy = File.join(Bundler.app_cache(custom_path), spec.file_name)
      existed = File.exist?(copy)
      Tarwarden.asking(spec) { super.tap { Tarwarden.check_file(copy) } }
    rescue Refusal
      File.delete(copy) if !existed && File.exist?(copy)
      raise
    end
  end

  module Retrying # Bundler's, of downloads
    def fail_attempt(error)
      raise error if error.is_a?(Refusal)
      super
    end
  end

  module Pushing # Gem::Commands::PushCommand: the bytes that were inspected are the bytes that are uploaded
    def execute
      Tarwarden.within(:tarwarden_publishing, true) { super }
    end

    # RubyGems reads the file again for each request, as after it has asked for a one-time password.
    def send_gem(name)
      bytes = Gem.read_binary(name)
      Tarwarden.check_bytes(bytes, fileName: File.basename(name), source: File.expand_path(name))
      Gem.singleton_class.prepend(ReadingPushed)
      Tarwarden.within(:tarwarden_pushed, [name, bytes]) { super }
    end
  end

  module ReadingPushed # Gem's own methods
    def read_binary(path)
      name, bytes = Thread.current[:tarwarden_pushed]
      name == path ? bytes : super
    end
  end

  # The module that guards each class once Ruby has read it, and the file that has to define the methods of the module.
  POINTS = {
    "Gem::RemoteFetcher" => [Fetching, "/remote_fetcher.rb"],
    "Gem::Package" => [Package, "/package.rb"],
    "Gem::Package::FileSource" => [FileSource, "/file_source.rb"],
    "Gem::Package::IOSource" => [IOSource, "/io_source.rb"],
    "Gem::Source" => [Index, "/source.rb"],
    "Gem::Source::Local" => [Local, "/local.rb"],
    "Gem::Resolver::APISet" => [Dependencies, "/api_set.rb"],
    "Bundler::Source::Rubygems" => [Cached, "/rubygems.rb"],
    "Gem::Installer" => [Installer, "/installer.rb"],
    "Gem::BasicSpecification" => [Found, "/basic_specification.rb"],
    "Gem::Specification" => [Activated, "/specification.rb"],
    "Gem::Commands::PushCommand" => [Pushing, "/push_command.rb"],
    "Gem::Commands::ExecCommand" => [Executed, "/exec_command.rb"],
    "Bundler::Runtime" => [SetUp, "/runtime.rb"],
    "Bundler::Fetcher" => [Gemspecs, "/fetcher.rb"],
    "Bundler::CompactIndexClient::Cache" => [IndexFiles, "/cache.rb"],
    "Bundler::Retry" => [Retrying, "/retry.rb"],
  }.freeze
  CLIENTS = { "Gem::GemRunner" => "gem", "Bundler::CLI" => "bundler" }.freeze
  NAME = Module.instance_method(:name)

  class << self
    def guard_class(klass, file)
      name = NAME.bind(klass).call
      hello(CLIENTS[name]) if CLIENTS[name]
      guard, home = POINTS[name]
      return if guard.nil? || klass < guard
      missing = missing_in(klass, guard)
      return klass.prepend(guard) if missing.empty?
      # Bundler opens some of these classes before RubyGems defines them.
      stop("this #{name[/\A\w+/]} has no #{name}##{missing[0]}") if file.end_with?(home)
    end

    def missing_in(klass, guard)
      guard.instance_methods.reject { |method| klass.method_defined?(method) || klass.private_method_defined?(method) }
    end

    # Stops for a class that Ruby has read without calling the trace point, for example inside of another class.
    def recheck
      POINTS.each do |name, (guard, _)|
        klass = loaded_class(name)
        next if klass.nil? || klass < guard || missing_in(klass, guard) == guard.instance_methods
        stop("#{name} was not guarded")
      end
    end

    # The class, if it is there by now. Nothing is loaded.
    def loaded_class(name)
      name.split("::").inject(Object) do |inside, part|
        return if inside.autoload?(part) || !inside.const_defined?(part, false)
        inside.const_get(part, false)
      end
    end
  end

  (POINTS.keys + CLIENTS.keys).each { |name| loaded_class(name).tap { |klass| guard_class(klass, "") if klass } }
  TracePoint.new(:end) { |point| guard_class(point.self, point.path) }.enable
  at_exit { recheck }
end
