"""Every diagnostic by its code: the fault's name, what it means, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding. `name` is the fault, `remedy` what makes it go away."""

    code: str
    name: str
    meaning: str
    remedy: str


_ALL = (
    # Files and YAML.
    Code(
        "OBS101",
        "missing-file",
        "A file that is named cannot be read.",
        "Correct the path, taken from the file that names it.",
    ),
    Code("OBS102", "broken-yaml", "The text is not YAML.", "Mend the syntax at the place shown."),
    Code(
        "OBS103",
        "duplicate-key",
        "A key stands twice in one mapping; YAML readers would keep either.",
        "Keep one.",
    ),
    Code(
        "OBS104",
        "ambiguous-boolean",
        "YAML 1.1 reads yes, no, on, off, y and n as booleans, YAML 1.2 as words.",
        "Write true or false, or quote the word.",
    ),
    Code(
        "OBS105",
        "unsupported-yaml",
        "Merge keys, tags, keys that are not text, and anchors inside themselves are not read.",
        "Use `extends`, or write the values out.",
    ),
    Code(
        "OBS106",
        "not-a-spec",
        "The document is not a mapping, or a file named under `extends` does not look like a spec; what stands in it "
        "is not shown.",
        "Begin with apiVersion, kind and metadata, or run `obsgen init`.",
    ),
    Code(
        "OBS107",
        "circular-extends",
        "A file extends itself, directly or through others.",
        "Take one of the files out of `extends`.",
    ),
    Code(
        "OBS108",
        "path-outside-root",
        "A path that a spec names leads out of the folder that it may read from, perhaps through a link: out of its "
        "repository, or out of its own folder where there is none.",
        "Keep the file in the repository, or name a folder that holds all files of the spec with `--root`.",
    ),
    Code(
        "OBS109",
        "not-a-plain-file",
        "A folder, a pipe, a device, or a file of more than 10 MiB stands where a file is read.",
        "Name a regular file.",
    ),
    # The form of what is written.
    Code("OBS110", "missing-field", "A required field is not there.", "Add it."),
    Code(
        "OBS111",
        "unknown-field",
        "A field that nothing reads: a typing mistake would otherwise pass unseen.",
        "Use the name in the hint, or take it out.",
    ),
    Code("OBS112", "unknown-choice", "The value is none of those allowed.", "Choose one that is listed."),
    Code(
        "OBS113",
        "wrong-form",
        "The text does not have the form that names of its kind have.",
        "Follow the hint.",
    ),
    Code(
        "OBS114",
        "wrong-value",
        "A duration, ratio, quantity or version is not written as one.",
        'Write 5m, 10%, 8Gi or "2.53".',
    ),
    Code(
        "OBS115",
        "wrong-type",
        "Text, number, list or mapping where another is expected; nothing is converted silently.",
        "Write the type that the message names.",
    ),
    Code(
        "OBS116",
        "out-of-bounds",
        "A value is outside what the field allows.",
        "See the message for the bound.",
    ),
    # More than is read.
    Code(
        "OBS117",
        "too-deep",
        "Lists and mappings stand more than 100 deep in one another.",
        "Take levels out; nothing that is read needs so many.",
    ),
    Code(
        "OBS118",
        "too-many-values",
        "A file, or a spec with all that it extends and uses, holds more values than are read; an alias counts as all "
        "that it stands for.",
        "Divide the spec, or write fewer aliases.",
    ),
    Code(
        "OBS119",
        "too-long",
        "A value has more than 65,536 characters, or a key more than 1,024.",
        "Put long texts into files of their own, such as a pack's runbook.",
    ),
    Code(
        "OBS120",
        "too-large-number",
        "A number is larger than what 64 bits hold.",
        "Write a smaller one, or quote what is meant as text.",
    ),
    Code(
        "OBS121",
        "too-many-mistakes",
        "There are more mistakes than are shown at once.",
        "Correct those that are shown, and check again.",
    ),
    # What the spec means.
    Code("OBS201", "unknown-pack", "No pack has this name.", "See `obsgen packs`."),
    Code(
        "OBS202",
        "missing-pack-folder",
        "A folder under `packs` does not exist.",
        "Correct the path, taken from the spec.",
    ),
    Code(
        "OBS203",
        "unknown-setting",
        "The pack has no threshold, parameter or selector of this name.",
        "See `obsgen packs NAME`.",
    ),
    Code(
        "OBS204",
        "ungraded-threshold",
        "The threshold has a value for each severity, and only one was given.",
        "Give a value for each severity that changes.",
    ),
    Code(
        "OBS205",
        "wrong-amount",
        "The threshold's value is not of the kind that the pack measures.",
        "Write a ratio, duration, quantity or number as the pack does.",
    ),
    Code(
        "OBS206",
        "ungraded-severity",
        "`severity` cannot say which of several severities it changes.",
        "Use `severities`.",
    ),
    Code(
        "OBS207",
        "incomplete-alert",
        "An alert of one's own needs summary, description, severity and one way to fire.",
        "Add what is missing; if a pack's alert was meant, correct the name.",
    ),
    Code(
        "OBS208",
        "broken-condition",
        "A condition is not `signal comparison number`.",
        "Write it that way, or use `expr` and written tests.",
    ),
    Code(
        "OBS209",
        "unknown-signal",
        "A condition names a signal that neither pack nor spec declares.",
        "Correct the name or declare the signal.",
    ),
    Code(
        "OBS210",
        "broken-template",
        "A `${…}` names something unknown or cannot be read.",
        "Use one of the names at hand.",
    ),
    Code(
        "OBS211",
        "no-example",
        "No label can be found that a selector's regular expression matches, so tests cannot be made.",
        "Use = or an alternation of plain words.",
    ),
    Code("OBS212", "aimless-scrape", "A scrape job selects nothing.", "Give selector and port, or targets."),
    Code(
        "OBS213",
        "slow-scrape",
        "The timeout is longer than the interval, which Prometheus and the operator refuse.",
        "Shorten the timeout.",
    ),
    Code(
        "OBS214",
        "test-of-nothing",
        "tests.yaml names an alert that the pack does not have.",
        "Correct the name or take the cases out.",
    ),
    Code(
        "OBS215",
        "broken-selector",
        "A selector is not a list of matchers.",
        'Write job="name" without braces.',
    ),
    Code(
        "OBS216",
        "broken-parameter",
        "A parameter is given something of another kind, such as no selector of series.",
        "Write what the message asks for: a metric with its matchers, or true or false.",
    ),
    Code(
        "OBS217",
        "repeated-component",
        "Two components share a name, so their alerts could not be told apart.",
        "Rename one.",
    ),
    Code(
        "OBS218",
        "hidden-component",
        "The distribution or the installation says that there is nothing of this component to read.",
        "Nothing is emitted for it; take it out to silence the note.",
    ),
    Code(
        "OBS219",
        "reserved-label",
        "A label that obsgen sets itself, and that routes, tests and inhibitions rely on.",
        "Use the field of that name, or another label.",
    ),
    Code(
        "OBS220",
        "unknown-receiver",
        "A route sends to a receiver that is not defined.",
        "Define it under routing.receivers or correct the name.",
    ),
    Code("OBS221", "empty-receiver", "A receiver has no way of sending.", "Name one, such as webhook or slack."),
    Code(
        "OBS222",
        "unrouted-team",
        "A team owns something but has no routes of its own.",
        "Add it under routing.teams.",
    ),
    Code(
        "OBS223",
        "missing-hours",
        "A receiver is notified by working hours that are not defined, or that its team does not have.",
        "Define them under routing.hours and name them in the team.",
    ),
    Code(
        "OBS224", "tier-without-receiver", "A team's tier names no receiver.", "Name a receiver, or take the tier out."
    ),
    Code(
        "OBS225",
        "pager-by-hours",
        "A pager that is notified only in some hours never learns what resolves in the others.",
        "Tell it at all hours and set the hours in the pager itself.",
    ),
    Code(
        "OBS226",
        "unclear-route",
        "A route of one's own names neither receivers nor a reason to drop, or both.",
        "Give it receivers, or a reason under drop.",
    ),
    Code(
        "OBS227",
        "tier-of-lesser-alert",
        "P1 and P2 are tiers of critical alerts only.",
        "Make the alert critical, or leave the tier to its severity.",
    ),
    Code(
        "OBS228",
        "vain-escalation",
        "An alert would escalate to no higher tier, or no later than it fires.",
        "Name a higher tier and a longer time.",
    ),
    Code(
        "OBS229",
        "explains-nothing",
        "An alert explains one that the component does not have.",
        "Correct the name.",
    ),
    Code(
        "OBS230",
        "broken-promql",
        "An expression cannot be read.",
        "Mend it at the place that the message names.",
    ),
    Code(
        "OBS231",
        "unknown-row-signal",
        "A dashboard row names a signal that does not exist.",
        "Correct the name.",
    ),
    Code(
        "OBS232",
        "circular-recording",
        "A recording rule reads itself, directly or through others: it would feed on its own past.",
        "Compute it from what is scraped.",
    ),
    Code(
        "OBS233",
        "unknown-override-alert",
        "An override changes an alert that its component does not have.",
        "Correct the name.",
    ),
    Code(
        "OBS234",
        "override-for-nobody",
        "An override is for a team that owns no application of the spec.",
        "Name a team with applications, or the namespaces.",
    ),
    Code(
        "OBS235",
        "override-left-empty",
        "An override finds no series that those before it leave, or leaves none to the rest.",
        "Put the narrower one first.",
    ),
    Code(
        "OBS236",
        "indivisible-alert",
        "An override is for labels with which an alert's results do not come, so it cannot hold for a part of them.",
        "Match labels that the alert keeps.",
    ),
    Code(
        "OBS237",
        "idle-override",
        "An override changes a threshold with which no alert that is on compares.",
        "Change it for the whole component, or take it out.",
    ),
    # Objectives.
    Code(
        "OBS240",
        "unclear-objective",
        "An objective does not say, in exactly one way, what is measured and how much of it must be good.",
        "Give a target and one of errors, good, latency, gauge and ratio; errors and good need a total.",
    ),
    Code(
        "OBS241",
        "no-error-budget",
        "The target of an objective leaves no room between good and bad.",
        "Aim below 100 % and above 0: nothing is right always.",
    ),
    Code(
        "OBS242",
        "unreachable-burn-rate",
        "The share of errors that a tier waits for is above 1: it could never fire.",
        "Aim higher, choose other windows, or disable the tier.",
    ),
    Code(
        "OBS243",
        "short-burn-window",
        "A window of burn rates holds fewer than four scrapes, and goes blind when one is lost.",
        "Scrape more often, or choose a table with longer windows.",
    ),
    Code(
        "OBS244",
        "unlike-totals",
        "Errors and total are not counted on the same series, so that their ratio is no share.",
        "Give both the same matchers, and a ratio and its weight the labels that the objective is grouped by.",
    ),
    Code(
        "OBS245",
        "reserved-grouping",
        "An objective is grouped by a label that obsgen sets itself.",
        "Group by a label of the events.",
    ),
    Code(
        "OBS246",
        "unknown-windows",
        "A period is out of bounds, or a table of burn-rate windows is missing or makes no sense.",
        "Take 7d to 90d or month, and a table in config/windows or in windows/ beside your packs.",
    ),
    Code(
        "OBS247",
        "idle-alert-change",
        "A change to an objective's alert would change nothing.",
        "Change a severity that the alert has, or take the change out.",
    ),
    Code(
        "OBS248",
        "native-histogram-too-new",
        "A native histogram is read, which the stated Prometheus does not know.",
        "Measure a classic histogram, or state a newer version.",
    ),
    Code(
        "OBS249",
        "ratio-without-feed",
        "Nothing says which series make a ratio read a given value, so that its alerts cannot be proved.",
        "Give ratio.feed.",
    ),
    # Clusters that are asked for their capacity.
    Code(
        "OBS250",
        "unclear-login",
        "A cluster under capacity.clusters is entered in more ways than one, or in half a way.",
        "Keep one of bearer_token_file, bearer_token_env and basic_auth_file; a key_file needs its cert_file.",
    ),
    Code(
        "OBS251",
        "secret-in-cluster",
        "A cluster under capacity.clusters is entered with a secret that stands in the spec.",
        "Keep it in a file or a variable and name that.",
    ),
    Code(
        "OBS252",
        "repeated-cluster",
        "Two clusters under capacity.clusters ask one server for the same figures, which would count twice.",
        "Tell them apart by url, tenant or label.",
    ),
    Code(
        "OBS253",
        "credentials-without-consent",
        "A spec names a variable, file, certificate or proxy of the caller's, who has not said that it may be used.",
        "Where the spec is trusted, pass --allow-credentials-from-spec; else, and for files outside its root, list it in OBSGEN_CREDENTIAL_VARIABLES or OBSGEN_CREDENTIAL_FOLDERS.",
    ),
    Code(
        "OBS254",
        "credentials-to-unlisted-host",
        "A spec sends the caller's credentials to a host that the caller's list of hosts does not hold.",
        "Add the host to OBSGEN_CREDENTIAL_HOSTS, where it may have them.",
    ),
    Code(
        "OBS255",
        "header-of-http",
        "A cluster under capacity.clusters sets a header by which HTTP itself tells where a request goes and ends.",
        "Leave it out, and name the host by url.",
    ),
    # What cannot be proved.
    Code(
        "OBS260",
        "unknown-surroundings",
        "There is no such distribution or installation.",
        "Choose one of config/distributions or config/installations, or put a file of your own beside your packs.",
    ),
    Code(
        "OBS261",
        "unknown-option",
        "The installation has no such option, or not with this value.",
        "See the options in config/installations/<kind>.yaml.",
    ),
    Code(
        "OBS262",
        "lacking-series",
        "The installation does not bring series that some alerts read, so these alerts are left out.",
        "Have the metrics kept or scraped, or accept that nothing watches them.",
    ),
    Code(
        "OBS280",
        "untold-label",
        "An alert of several severities fires in its tests with a label that neither the pack nor the spec names.",
        "Show the label in the alert's description, or give it to the feed of its signal.",
    ),
    Code(
        "OBS281",
        "unguarded-alert",
        "An alert reads what looks like a fault while somebody does something on purpose, and takes no stand on it.",
        "Name the guard under `unless`, or say under `despite` why the alert is one all the same.",
    ),
    Code("OBS282", "unknown-guard", "An alert waits for a guard that there is not.", "Choose one of those listed."),
    Code(
        "OBS283",
        "unmet-guard",
        "An alert and its guard share no labels by which the guard could hold for it.",
        "Keep the labels that the guard names under `on`, or leave the guard out.",
    ),
    Code(
        "OBS267",
        "unusable-cluster",
        "The cluster's name cannot be the value of a label, such as a variable that another tool is to replace.",
        "Write the name, or give it to each command: --cluster NAME, or the variable OBSGEN_CLUSTER.",
    ),
    Code(
        "OBS268",
        "unlabelled-selection",
        "A rule selects by the label cluster, which series lack here: environment.cluster_on is alerts.",
        "Take the matcher out, or say environment.cluster_on: series where series carry the label.",
    ),
    Code(
        "OBS272",
        "port-number",
        "A port is found by its name, and here is a number.",
        "Name the port in the Service or the pod, or scrape fixed targets.",
    ),
    Code(
        "OBS273",
        "impossible-name",
        "A scrape job looks for a namespace, a label or a port that Kubernetes does not allow, so it finds nothing.",
        "Write the name as Kubernetes has it.",
    ),
    Code(
        "OBS274",
        "typographic-quotes",
        "A value stands between curly quotes, which YAML takes for a part of it.",
        "Use straight quotes.",
    ),
    Code(
        "OBS276",
        "unseen-metric",
        "A pack says where its metrics' names were seen, and this one is not among them.",
        "Say under source.seen where it was seen; a test that feeds the name proves nothing about its exporter.",
    ),
    Code(
        "OBS277",
        "idle-seen",
        "An entry of source.seen speaks for no metric of the pack: none has such a name, or an earlier entry has it.",
        "Take the entry out, or mend its regular expression.",
    ),
    Code(
        "OBS284",
        "line-through-one-window",
        "An alert believes a line through one window (predict_linear, deriv): after a single step, such as an unpacked "
        "archive, it takes that for growth until the step has left the window.",
        "Write the signal as `forecast: {of: <selector>}`, or ask a second, recent window too.",
    ),
    Code(
        "OBS285",
        "broken-forecast",
        "A forecast is not made of a plain selector, or looks back too far or not far enough.",
        "Name one gauge under `of`, and record what has to be computed first; leave `over` at 6h.",
    ),
    Code(
        "OBS269",
        "same-as-nothing",
        "A source is said to be the same as one that does not exist, or that is itself the same as this one.",
        "Name a source of config/sources.yaml or of the pack.",
    ),
    Code(
        "OBS263",
        "unknown-keep-option",
        "A keep list holds under an option that the installation does not have.",
        "Name one of its options under `keeps.when`, or declare it under `options`.",
    ),
    Code(
        "OBS264",
        "unknown-in-table",
        "A table of an installation or a distribution, or environment.sources, names a pack or a source that is not "
        "there.",
        "Correct the name; `obsgen packs` lists the packs.",
    ),
    Code(
        "OBS290",
        "unrounded-count",
        "An alert compares an increase() with a small whole number. Prometheus extrapolates it to the whole range, so "
        'that "more than 3" fires at 3.',
        "Round it: round(increase(x[15m])), over a range of many scrapes, and say `integer: true` at the signal.",
    ),
    Code(
        "OBS301",
        "unreachable-threshold",
        "No value that the signal can take is past the threshold: the alert could never fire.",
        "Choose a threshold within the signal's bounds.",
    ),
    Code(
        "OBS302",
        "conflicting-feeds",
        "Two signals of one alert feed the same series differently.",
        "Let one feed's formula name the other signal.",
    ),
    Code(
        "OBS303",
        "unprovable-annotation",
        "An annotation uses a template function whose result cannot be predicted.",
        "Use $labels, $value and the humanize functions.",
    ),
    Code(
        "OBS304",
        "broken-feed",
        "A feed's series or formula cannot be read.",
        "Mend it; `v` is the value that the signal shall read.",
    ),
    Code(
        "OBS305",
        "unfired-expectation",
        "A written test expects an alert to fire that none of its series can set off, so that it would test nothing.",
        "Correct the labels under fires or the series; write under silent what must not fire.",
    ),
    Code(
        "OBS306",
        "endless-test",
        "A written test has more samples or evaluations than promtool can take in reasonable time and memory.",
        "Look at an earlier moment, take longer steps, or repeat samples less often.",
    ),
    # Checks of the result.
    Code(
        "OBS401",
        "unknown-function",
        "The target's Prometheus does not have a function that a rule uses.",
        "Raise the stated version or rewrite the rule.",
    ),
    Code(
        "OBS402",
        "missing-recording",
        "A rule reads a recorded series that no rule records: it would be silent for ever.",
        "Record it or correct the name.",
    ),
    Code("OBS403", "unused-recording", "A recording rule that nothing reads.", "Take it out."),
    Code(
        "OBS404",
        "undeclared-metric",
        "A signal reads a metric that the pack does not list.",
        "List it under metrics with its type.",
    ),
    Code(
        "OBS405",
        "short-range",
        "A window holds fewer than four scrapes, so one lost scrape blinds it.",
        "Use ${rate_window}.",
    ),
    Code(
        "OBS406",
        "dropped-cluster",
        "An aggregation mixes clusters that share a backend.",
        "Aggregate by (cluster, …).",
    ),
    Code(
        "OBS407",
        "repeated-recording",
        "Two components record under one name, so their series mix.",
        "Use the pack once.",
    ),
    Code(
        "OBS408",
        "repeated-buckets",
        "An alert reads the buckets of one histogram more than once, the most numerous series that there are.",
        "Record their rate and read that.",
    ),
    Code(
        "OBS410",
        "alert-without-runbook",
        "The runbook has no section for the alert, so its link would lead nowhere.",
        "Write the section.",
    ),
    Code(
        "OBS411",
        "loose-summary",
        "The summary varies or is not a sentence.",
        "Fixed sentence in the summary, labels and values in the description.",
    ),
    Code(
        "OBS412",
        "dropped-label",
        "An annotation shows a label that the expression aggregates away: it would read empty.",
        "Keep the label or leave it out of the text.",
    ),
    Code(
        "OBS413",
        "unproved-alert",
        "No test sees the alert fire, or none sees it silent.",
        "Give its signals feeds, or write cases in tests.yaml.",
    ),
    Code(
        "OBS414",
        "untested-annotations",
        "No test compares what the alert says.",
        "Give a `fires` expectation its value.",
    ),
    Code(
        "OBS415",
        "repeated-alert",
        "Two rules produce alerts that cannot be told apart.",
        "Rename one, or give it a label.",
    ),
    Code("OBS420", "unused-receiver", "No route leads to the receiver.", "Use it or take it out."),
    Code(
        "OBS421",
        "too-new-for-alertmanager",
        "The stated Alertmanager lacks a way of sending, or of reading a secret, that the receiver needs.",
        "Follow the hint.",
    ),
    Code(
        "OBS422",
        "unclear-address",
        "A receiver has both a written address and one in a Secret, or neither.",
        "Keep exactly one.",
    ),
    Code(
        "OBS423",
        "unheard-action",
        "An alert asks for an action that no receiver carries out.",
        "Name a receiver under routing.actions.",
    ),
    Code(
        "OBS424",
        "inhibition-on-missing-label",
        "An inhibition compares a label that no alert carries; absent labels count as equal.",
        "Compare labels that both sides carry.",
    ),
    Code(
        "OBS430",
        "files-for-fixed-targets",
        "The operator's ScrapeConfig reads certificates from a Secret only.",
        "Use tls.secret.",
    ),
    Code(
        "OBS431",
        "repeated-job",
        "Two components scrape under one job name.",
        "Give each its own selector and job.",
    ),
    Code(
        "OBS432",
        "secret-in-address",
        "An address is itself a secret or holds one, and would stand in the spec and in every manifest.",
        "Put it into a Secret and name that with url_secret: <Secret>/<key>.",
    ),
    Code(
        "OBS433",
        "incomplete-receiver",
        "A way of sending lacks whom it should tell, or one half of a login.",
        "Follow the hint.",
    ),
    Code(
        "OBS434",
        "refused-by-operator",
        "Alertmanager takes the configuration, but the operator, which reads it first, does not.",
        "Follow the hint; for the target prometheus alone nothing is wrong.",
    ),
    Code(
        "OBS435",
        "unreadable-file",
        "The operator's PodMonitor and ScrapeConfig read neither a token nor certificates from Prometheus' pod.",
        "Select a Service, or use tls.secret; for the target prometheus alone nothing is wrong.",
    ),
    Code(
        "OBS436",
        "unread-job",
        "No rule, recording or panel reads the series of a scrape job: rules select by another name of the job, or by "
        "another namespace.",
        "Give the job the name that the rules read, or take it out.",
    ),
    Code(
        "OBS437",
        "unscraped-rules",
        "Rules read a job that nothing scrapes, and the spec does not say that others do: their alerts never fire, or "
        "the one for missing series always does.",
        "Scrape it; or say that others do with environment.sources, or with scrape: {<job>: {enabled: false}}.",
    ),
    Code(
        "OBS438",
        "doubled-target",
        "Two jobs scrape one target, so that each of its series comes twice, and each of its alerts may.",
        "Take one of the two jobs out.",
    ),
    Code(
        "OBS439",
        "unselected-objects",
        "Neither the spec nor its installation says which labels the Prometheus object selects rules and monitors by; "
        "the operator passes over what lacks them without a word.",
        "Set environment.prometheus.selector_labels; for the target prometheus alone nothing is wrong.",
    ),
    Code(
        "OBS440",
        "undefined-variable",
        "A panel uses a variable that its dashboard does not define.",
        "List the label under dashboard.variables.",
    ),
    Code("OBS441", "broken-panel", "A panel's query cannot be read.", "Mend the signal's expression."),
    Code(
        "OBS442",
        "lost-legend",
        "A panel names its series by a label that the query drops, so the name stays empty.",
        "Keep the label in the query's aggregations, or change `legend`.",
    ),
    Code(
        "OBS443",
        "unknown-panel-metric",
        "A dashboard of the platform reads a metric that neither a pack nor the dashboard declares.",
        "Name it under the view's metrics.",
    ),
    Code(
        "OBS444",
        "foreign-threshold",
        "A line in a panel stands at a number that no alert has.",
        "Take lines from the alerts that watch the signal.",
    ),
    Code(
        "OBS445",
        "repeated-uid",
        "Two dashboards would have one uid, and Grafana would keep either.",
        "Give the component another name.",
    ),
    Code(
        "OBS446",
        "dead-link",
        "A dashboard links to one that is not emitted, or its link forgets the time range or the variables.",
        "Link to a dashboard of the stack, with time range and variables.",
    ),
    Code(
        "OBS447",
        "unruly-dashboard",
        "A dashboard breaks a rule that all of them keep, such as a unit and a description for each panel.",
        "Mend the view; a unit and a title of a signal must not be empty.",
    ),
    Code(
        "OBS448",
        "heavy-dashboard",
        "A dashboard is too large for the annotation that `kubectl apply` writes.",
        "Apply it with --server-side, or show fewer signals under dashboard.rows.",
    ),
    Code("OBS450", "refused-rules", "promtool refuses a rule.", "See promtool's message."),
    Code("OBS451", "refused-scrape", "promtool refuses a scrape job.", "See promtool's message."),
    Code(
        "OBS452",
        "failed-test",
        "A test of an alert fails.",
        "Compare what was expected with what promtool saw; alert, feed or bounds are wrong.",
    ),
    Code(
        "OBS453",
        "unclear-verdict",
        "promtool or amtool ended as usual, and what it printed is neither success nor failure.",
        "See what lies on PATH under its name; a wrapper must pass on what the real one prints.",
    ),
    Code(
        "OBS454",
        "unsupported-tool",
        "promtool, amtool or Prometheus does not state its version, or one that obsgen does not know.",
        "Install Prometheus 2.42 or newer or 3.x, and Alertmanager 0.25 or newer.",
    ),
    Code(
        "OBS455",
        "lost-tool",
        "A program that obsgen runs was killed or crashed before it gave a verdict.",
        "Give the machine more memory, or prove fewer alerts at a time with --alert.",
    ),
    Code(
        "OBS456",
        "hanging-tool",
        "A program that obsgen runs did not end in time, and was stopped.",
        "Run it by hand to see what it waits for.",
    ),
    Code(
        "OBS457",
        "unusable-tool",
        "A program that obsgen needs is there, and the machine cannot run it.",
        "Install the build for this machine's processor, and make it executable.",
    ),
    Code(
        "OBS458",
        "no-temporary-folder",
        "There is no place for the files that promtool, amtool and Prometheus read.",
        "Set TMPDIR to a folder that can be written and has space.",
    ),
    Code(
        "OBS459",
        "unwritable-file",
        "A file or folder that a command is to write cannot be written; nothing of it is left behind.",
        "Name another place, or make this one writable.",
    ),
    Code("OBS460", "refused-routing", "amtool refuses the routing tree.", "See amtool's message."),
    Code(
        "OBS461",
        "misrouted-alert",
        "amtool sends an alert elsewhere than the spec says.",
        "Report it: obsgen and Alertmanager disagree.",
    ),
    Code(
        "OBS480",
        "unreachable-route",
        "Earlier routes take every alert that a route could get.",
        "Move the route up, narrow the earlier ones, or take it out.",
    ),
    Code(
        "OBS481",
        "alert-astray",
        "An alert lands elsewhere than the spec says.",
        "Report it: the compiled tree does not do what the spec says.",
    ),
    Code(
        "OBS482",
        "unheard-page",
        "A page reaches no receiver, at some hours or at all.",
        "Tell a receiver of it at all hours.",
    ),
    Code(
        "OBS483",
        "unwatched-automation",
        "An alert that starts an action reaches automation alone.",
        "Let people hear of it too.",
    ),
    Code(
        "OBS484",
        "vain-inhibition",
        "An inhibition can never mute anything, or has alerts that fit both of its sides.",
        "Correct its matchers.",
    ),
    Code(
        "OBS485",
        "loose-inhibition",
        "An inhibition mutes alerts that have nothing to do with each other.",
        "Name labels in which both must agree, and ask for each of them on the source side.",
    ),
    Code(
        "OBS486",
        "circular-inhibition",
        "Alerts mute each other, so that none of them is notified.",
        "Let only the graver one mute.",
    ),
    Code(
        "OBS487",
        "muted-page",
        "An inhibition mutes a page by an alert that is no page.",
        "Leave critical alerts out of the target.",
    ),
    Code(
        "OBS488",
        "muted-action",
        "An inhibition mutes an alert that should start something.",
        'Leave out what acts: action="" among the target\'s matchers.',
    ),
    Code(
        "OBS489",
        "undecidable-route",
        "A regular expression cannot be reasoned about exactly.",
        "Write it with plain text, sets, groups and repeats.",
    ),
    # What an AlertmanagerConfig cannot carry.
    Code(
        "OBS490",
        "forced-namespace",
        "The operator would narrow the whole tree to alerts of Alertmanager's own namespace.",
        "Set another matcher strategy in the Alertmanager object and state it in the spec, or deliver a Secret.",
    ),
    Code(
        "OBS491",
        "hours-without-zone",
        "An AlertmanagerConfig has no field for a time zone: its hours are read as UTC.",
        "Deliver a Secret, or write the hours in UTC.",
    ),
    Code(
        "OBS492",
        "receiver-without-form",
        "A receiver needs what an AlertmanagerConfig has no field for.",
        "Tell through a relay, name a Secret instead of an address, or deliver a Secret.",
    ),
    Code(
        "OBS493",
        "empty-grouping",
        "The operator drops an empty group_by, so that alerts would be grouped as the route above says.",
        "Group by a label that all alerts share, such as cluster.",
    ),
    Code(
        "OBS470",
        "missing-tool",
        "promtool or amtool is not installed, so its checks cannot be made.",
        "Install it, or pass --allow-missing-tools.",
    ),
    Code(
        "OBS501",
        "broken-view",
        "A dashboard view cannot be loaded.",
        "See dashboards/README.md for what a view is.",
    ),
    Code("OBS510", "unknown-alert", "The spec has no alert of this name.", "See the hint."),
    Code(
        "OBS520",
        "unknown-routing",
        "A file is neither a spec nor a configuration of Alertmanager.",
        "Give a MonitoringStack, an alertmanager.yaml, a Secret that holds one, or a folder with one of them.",
    ),
    Code(
        "OBS521",
        "missing-routing",
        "A folder holds no configuration of Alertmanager, or several that differ.",
        "Name the file that is meant.",
    ),
    Code(
        "OBS522",
        "refused-configuration",
        "Alertmanager would not take this configuration.",
        "Correct what the message names; amtool check-config says more.",
    ),
    Code(
        "OBS523",
        "undecidable-difference",
        "A regular expression in one of two routing trees cannot be compared exactly.",
        "Write it with plain text, sets, groups and repeats.",
    ),
    Code("OBS524", "unknown-team", "The spec has no team of this name.", "See the hint."),
    Code("OBS525", "unknown-component", "The spec has no component of this name.", "See the hint."),
    # Writing.
    Code(
        "OBS601",
        "damaged-manifest",
        "The list of emitted files cannot be read.",
        "Restore it or build into an empty folder.",
    ),
    Code(
        "OBS602",
        "foreign-folder",
        "The folder holds files that obsgen did not write.",
        "Choose another, or pass --adopt.",
    ),
    Code(
        "OBS603",
        "edited-output",
        "A file that would be removed was changed by hand.",
        "Move the change into the spec, delete the file, build again.",
    ),
    Code(
        "OBS604",
        "foreign-file",
        "A file that obsgen did not write stands where one of the spec's would.",
        "Move it away or delete it; it is never overwritten, not with --adopt either.",
    ),
    Code(
        "OBS605",
        "obstructed-path",
        "A link, a folder or something else that is no regular file stands where a file would be written or removed.",
        "Move it away. Only the output folder itself may be a link, in a repository none that leads out of it.",
    ),
    Code(
        "OBS606",
        "unsafe-path",
        "A path leads out of the output folder, is hidden, or has a name that a file system would not take.",
        "In the list of emitted files: see who wrote that, and restore the list. In a spec: choose a plainer name.",
    ),
    Code(
        "OBS607",
        "unusable-folder",
        "The system refuses the output folder: no permission, no space left, a file instead of a folder.",
        "Mend what the message says, or choose another folder.",
    ),
    Code(
        "OBS608",
        "busy-folder",
        "Another process writes the output folder and has not come to an end.",
        "Wait for it or end it; a lock never outlives its process.",
    ),
    Code(
        "OBS609",
        "unfinishable-build",
        "What an interrupted build left cannot be finished: it was changed since, or no build of obsgen's left it.",
        "Move away what the message names and build again, or delete the folder .obsgen-build where it is not yours.",
    ),
    # Taking objectives over from other tools.
    Code(
        "OBS611",
        "foreign-document",
        "A document is of no format that objectives are taken from.",
        "Give files of sloth (prometheus/v1, PrometheusServiceLevel) or OpenSLO (v1, v1alpha).",
    ),
    Code(
        "OBS612",
        "inexpressible-objective",
        "An objective measures or counts in a way that a spec cannot say; it is not taken over.",
        "Follow the hint, or write the objective by hand.",
    ),
    Code(
        "OBS613",
        "lost-in-import",
        "An objective is taken over, but this part of it is not, or means something a little different.",
        "See whether it matters; what takes its place is in the hint.",
    ),
    Code(
        "OBS614",
        "unsaid-in-source",
        "A spec needs something that the imported file does not say.",
        "Choose it in the line under the comment `# choose …`.",
    ),
    Code(
        "OBS615",
        "unproved-import",
        "No input series can be derived for an imported query, so the objective's alerts cannot be proved.",
        "Write a `feed` under `ratio`, or use one of the other kinds.",
    ),
    Code(
        "OBS616",
        "missing-document",
        "A document of OpenSLO names another that is in none of the files.",
        "Give the file that has it too, or correct the name.",
    ),
    # Taking over what an installation was made with.
    Code(
        "OBS627",
        "foreign-values",
        "A file is not the values of a chart that a first spec can be made from.",
        "Give the values.yaml that kube-prometheus-stack was installed with: `helm get values RELEASE`.",
    ),
    Code(
        "OBS628",
        "value-not-taken-over",
        "A value of the chart means something that a spec cannot say; the spec goes without it.",
        "Follow the hint, or see whether it matters.",
    ),
    # What is said without effect.
    Code(
        "OBS636",
        "no-reason",
        "A field that says why something is missing holds no words, such as true or 1.",
        "Write the reason as people will read it, or take the line out.",
    ),
    Code(
        "OBS637",
        "idle-scrape-change",
        "A scrape job is switched off or changed that obsgen does not write: others scrape it, it is not there, or the "
        "parameter it needs is not given.",
        "Take it out, or follow the hint.",
    ),
    # The output folder again.
    Code(
        "OBS633",
        "one-file-for-two",
        "Two files of the spec have paths that differ in nothing but the case of letters.",
        "Rename one alert: on macOS and Windows only one of the two files would be there.",
    ),
)

CODES = {one.code: one for one in _ALL}


def explain_code(code: str) -> str | None:
    """The code's entry as text; None where there is no such code."""
    one = CODES.get(code)
    return None if one is None else f"{one.code} {one.name}\n\n  {one.meaning}\n\n  What to do: {one.remedy}"
