/// Completion scripts, made from the same description as the parser and the help.
struct CompletionScript {
  enum Shell: String, CaseIterable { case bash, zsh, fish }

  private let paths: [CommandPath]
  private let global: [CommandOption]

  init(root: Command, global: [CommandOption]) {
    self.global = global + [HelpText.helpOption]
    paths = Self.flatten(CommandPath(names: [root.name], command: root))
  }

  private static func flatten(_ path: CommandPath) -> [CommandPath] {
    [path] + path.command.subcommands.flatMap { flatten(path.child($0)) }
  }

  func text(_ shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }

  // MARK: bash and zsh

  /// `path="plumb plan"` for every pair of a path and the word that leads on.
  private var steps: String {
    paths.dropFirst().map { path in
      "      \"\(path.names.dropLast().joined(separator: " ")) \(path.command.name)\") path=\"\(path.text)\" ;;"
    }.joined(separator: "\n")
  }

  /// What may follow each path.
  private func words(_ path: CommandPath) -> String {
    let names = path.command.subcommands.map(\.name) + path.command.positionals.flatMap(\.choices)
    return (names + (path.command.options + global).map { "--\($0.name)" }).joined(separator: " ")
  }

  private var wordCases: String {
    paths.map { "    \"\($0.text)\") words=\"\(words($0))\" ;;" }.joined(separator: "\n")
  }

  /// Flags whose value the shell can offer.
  private func valueCases(files: String, folders: String, choices: (String) -> String) -> String {
    var lines: [String] = []
    for path in paths {
      for option in path.command.options + global {
        let pattern = "    \"\(path.text) --\(option.name)\")"
        if case .choice(let names) = option.value {
          lines.append("\(pattern) \(choices(names.joined(separator: " "))); return ;;")
        } else if case .optional = option.value {
          continue
        } else if option.takesValue {
          switch option.completion {
          case .none: lines.append("\(pattern) return ;;")
          case .file: lines.append("\(pattern) \(files); return ;;")
          case .folder: lines.append("\(pattern) \(folders); return ;;")
          }
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  private var takesFiles: String {
    paths.filter { $0.command.positionals.contains { $0.completion == .file } }.map { "\"\($0.text)\"" }
      .joined(separator: "|")
  }

  private var bashValues: String {
    func reply(_ what: String) -> String { "COMPREPLY=($(compgen \(what) -- \"$current\"))" }
    return valueCases(files: reply("-f"), folders: reply("-d")) { reply("-W \"\($0)\"") }
  }

  private var bash: String {
    """
    _plumb() {
      local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" path=plumb words= index
      for ((index = 1; index < COMP_CWORD; index++)); do
        case "$path ${COMP_WORDS[index]}" in
    \(steps)
        esac
      done
      COMPREPLY=()
      case "$path $previous" in
    \(bashValues)
      esac
      case "$path" in
    \(wordCases)
      esac
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      case "$path" in
        \(takesFiles)) [[ "$current" == -* ]] || COMPREPLY+=($(compgen -f -- "$current")) ;;
      esac
    }
    complete -o filenames -F _plumb plumb
    """
  }

  private var zsh: String {
    """
    #compdef plumb
    _plumb() {
      local path=plumb words_of= index
      for ((index = 2; index < CURRENT; index++)); do
        case "$path ${words[index]}" in
    \(steps)
        esac
      done
      case "$path ${words[CURRENT-1]}" in
    \(valueCases(files: "_files", folders: "_files -/") { "compadd -- \($0)" })
      esac
      case "$path" in
    \(wordCases.split(separator: "\n").map { $0.replacing(" words=", with: " words_of=") }.joined(separator: "\n"))
      esac
      compadd -- ${=words_of}
      case "$path" in
        \(takesFiles)) _files ;;
      esac
    }
    if [ "$funcstack[1]" = "_plumb" ]; then _plumb "$@"; else compdef _plumb plumb; fi
    """
  }

  // MARK: fish

  private var fish: String {
    var lines = [
      """
      function __plumb_at
        set -l path plumb
        for word in (commandline -opc)[2..-1]
          switch "$path $word"
      \(paths.dropFirst().map { path in
        let before = path.names.dropLast().joined(separator: " ")
        return "      case \"\(before) \(path.command.name)\"\n        set path \"\(path.text)\""
      }.joined(separator: "\n"))
          end
        end
        test "$path" = "$argv"
      end
      complete -c plumb -f
      """
    ]
    for path in paths {
      let condition = "complete -c plumb -n '__plumb_at \(path.text)'"
      for command in path.command.subcommands {
        lines.append("\(condition) -a \(command.name) -d '\(quoted(command.abstract))'")
      }
      for choice in path.command.positionals.flatMap(\.choices) { lines.append("\(condition) -a \(choice)") }
      if path.command.positionals.contains(where: { $0.completion == .file }) {
        lines.append("\(condition) -F")
      }
      for option in path.command.options { lines.append("\(condition) \(fishOption(option))") }
    }
    lines += global.map { "complete -c plumb \(fishOption($0))" }
    return lines.joined(separator: "\n")
  }

  private func fishOption(_ option: CommandOption) -> String {
    var text = option.short.map { "-s \($0) " } ?? ""
    text += "-l \(option.name)"
    if case .choice(let names) = option.value {
      text += " -x -a '\(names.joined(separator: " "))'"
    } else if case .optional = option.value {
    } else if option.takesValue {
      text += option.completion == .none ? " -x" : " -r -F"
    }
    return text + " -d '\(quoted(option.summary))'"
  }

  private func quoted(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
  }
}
