# frozen_string_literal: true

# Names of gems, as an index, a lockfile or a gemspec gives them. RubyGems and Bundler make paths and addresses of these names before they
# check them: for a gemspec or an index that they keep, for a file that they load as Ruby code, for a download. The wrapper decides
# whether a name is valid, by its rule for the names in a gem. A plain word cannot lead to another folder, so this file accepts it without asking.
module Tarwarden
  PLAIN = { name: /\A[\w-]+\z/, version: /\A\d[\w.]*\z/, platform: /\A[\w-]*\z/ }.freeze
  @checked_names = {}

  class << self
    # Raises unless a path may be made of the name, the version and the platform.
    def check_name(name, version = nil, platform = nil, source: nil)
      refused
      parts = { name: name, version: version, platform: platform }.compact.transform_values { |part| part.to_s.b }
      return if @checked_names[parts]
      unless parts.all? { |kind, part| PLAIN[kind].match?(part) }
        status, message = ask(ask: "name", format: "gem", source: source, **parts)
        refuse(message) unless status == "accept"
      end
      @checked_names[parts] = true
    end
  end

  module Index # Gem::Source
    # RubyGems keeps the gemspec in a file of that name before it reads it.
    def fetch_spec(name_tuple)
      Tarwarden.check_name(name_tuple.name, name_tuple.version, name_tuple.platform, source: uri)
      super.tap { |spec| Tarwarden.keep_gemspec(uri, spec) }
    end
  end

  module Dependencies # Gem::Resolver::APISet
    def versions(name)
      Tarwarden.check_name(name, source: dep_uri)
      super.tap { |listed| Tarwarden.keep_listed(source.uri, name, listed) }
    end
  end

  module IndexFiles # Bundler::CompactIndexClient::Cache
    # The path of the file with the index of a gem.
    def info_path(name)
      Tarwarden.check_name(name)
      super
    end
  end

  module Gemspecs # Bundler::Fetcher
    # Loads a file of that name as Ruby code, if one is there.
    def fetch_spec(spec)
      Tarwarden.check_name(*spec, source: uri)
      super.tap { |gemspec| Tarwarden.keep_gemspec(uri, gemspec) }
    end
  end
end
