import Diagnostics
import Reports
import Values

extension Command {
  static let completion: Command = Command(
    "completion", "Print a script that completes commands and flags in a shell.",
    examples: [
      ("source <(plumb completion bash)", "for this bash"),
      ("plumb completion zsh > \"${fpath[1]}/_plumb\"", "for every zsh"),
      ("plumb completion fish > ~/.config/fish/completions/plumb.fish", "for every fish"),
    ],
    positionals: [
      Positional("SHELL", choices: CompletionScript.Shell.allCases.map(\.rawValue), "bash, zsh or fish")
    ]
  ) { invocation in
    guard let shell = invocation.arguments.positionals.first.flatMap(CompletionScript.Shell.init) else {
      return .usage
    }
    let script = CompletionScript(root: CommandTable.root, global: CommandOption.global).text(shell)
    invocation.reporter.report { $0.line(script) }
    invocation.reporter.event(
      EventLine("completion", "a completion script for \(shell.rawValue)", [("script", .string(script))]))
    return .ok
  }
}
