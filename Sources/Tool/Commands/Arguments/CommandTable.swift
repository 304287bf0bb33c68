/// All commands, in the order of the help.
package enum CommandTable {
  package static let root: Command = Command(
    "plumb", "Plumb shows whether your infrastructure stands true to its manifests, and sets it right.",
    discussion:
      "Write manifests in a folder with `plumb.yaml`; `plan` shows the difference to what stands, `apply` makes it.",
    examples: [
      ("plumb plan --sandbox", "try the estate in the current folder against the embedded pretend cloud"),
      ("plumb plan --out change.plan && plumb apply change.plan", "apply exactly what was reviewed"),
    ],
    [
      .initialize, .validate, .format, .plan, .apply, .destroy, .drift, .show, .output, .explain, .console, .graph,
      .schema, .inventory, .policy, .permissions,
      .provider, .version,
      .completion,
    ])

  /// Names that hands know from other tools, and the command that does the same.
  static let habits = [
    "preview": "plan", "diff": "plan", "up": "apply", "deploy": "apply", "down": "destroy",
    "delete": "destroy",
    "state": "inventory", "list": "inventory list", "rm": "inventory forget", "mv": "inventory move",
    "format": "fmt", "eval": "console",
    "force-unlock": "inventory lock break", "unlock": "inventory lock break", "providers": "provider list",
  ]

  /// Flags that hands know from other tools, and what to do instead.
  static let flagHabits = [
    "refresh": "every plan looks at what stands; nothing has to be refreshed",
    "refresh-only": "every plan looks at what stands; nothing has to be refreshed",
    "workspace": "`--env NAME` chooses an environment, each with a scope of its own",
    "yes": "`--auto-approve` goes on without a question",
    "force": "`--auto-approve` goes on without a question",
    "input": "set `PLUMB_INPUT=false` to never be asked",
    "lock": "only commands that write take the lock, and those always do",
  ]
}
