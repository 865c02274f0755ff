# frozen_string_literal: true

# A gem that gem or Bundler has installed is not loaded into the process that goes on installing: it could end this guard there. Ruby
# would find it by `require` (a newer version of a library of its own, or a file that nothing else has), and RDoc by Gem.find_files.
module Tarwarden
  @installed = nil # full names of installed gems. Nil before a client has started, and after it begins to run installed gems.

  class << self
    def installing(spec)
      @installed[spec.full_name] = spec.name if @installed
    end

    def installed?(spec)
      !@installed.nil? && @installed.key?(spec.full_name)
    end

    # From now on, installed gems may be loaded, because the client runs them.
    def running
      @installed = nil
    end

    # The version of a gem that comes with Ruby.
    def own_version(name)
      Gem::Specification.default_stubs("#{name}-*.gemspec").find { |stub| stub.name == name }
    end
  end

  module Installer
    def pre_install_checks
      Tarwarden.installing(spec)
      super
    end

    private

    # A plugin runs in later runs.
    def load_plugin(*)
    end
  end

  module Found # Gem::BasicSpecification
    # RubyGems asks for plugins in order to note them for later runs.
    def matches_for_glob(glob)
      Tarwarden.installed?(self) && !glob.start_with?("rubygems") ? [] : super
    end

    def contains_requirable_file?(*)
      !Tarwarden.installed?(self) && super
    end
  end

  module Activated # Gem::Specification
    def activate
      return super if default_gem? || !Tarwarden.installed?(self)
      stub = Tarwarden.own_version(name)
      return stub.to_spec.activate if stub
      raise Gem::LoadError, "tarwarden: #{full_name} was installed just now: it is not loaded before the next run"
    end
  end

  module Executed # Gem::Commands::ExecCommand
    private

    def activate!(*)
      Tarwarden.running
      super
    end
  end

  module SetUp # Bundler::Runtime
    def setup(*)
      Tarwarden.running
      super
    end
  end
end
