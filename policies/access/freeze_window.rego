# METADATA
# title: Freeze windows
# description: |
#   While a window is open, nobody may do anything but read, except members of exempt teams. Windows are weekly (days and
#   hours in UTC; one that ends before it begins goes on into the next day) or dated. A window includes its beginning and
#   not its end. Needs `input.time`, and is undetermined without it. No window is configured out of the box.
# custom:
#   severity: high
#   enforcement: mandatory
#   frameworks: [SOC 2 CC8.1]
#   remediation: Wait until the window closes, or ask somebody of an exempt team.
#   config:
#     type: object
#     additionalProperties: false
#     properties:
#       weekly:
#         type: array
#         default: []
#         description: Windows that come back every week.
#         items:
#           type: object
#           additionalProperties: false
#           required: [name, days, from, to]
#           properties:
#             name: {type: string, description: What people call it.}
#             days:
#               type: array
#               minItems: 1
#               items: {type: string, enum: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]}
#               description: Days on which it begins.
#             from: {type: string, pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'When it begins, in UTC: `16:00`.'}
#             to: {type: string, pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$', description: 'When it ends, in UTC: `24:00` is the end of the day.'}
#       dated:
#         type: array
#         default: []
#         description: Windows that come once.
#         items:
#           type: object
#           additionalProperties: false
#           required: [name, from, to]
#           properties:
#             name: {type: string, description: What people call it.}
#             from: {type: string, description: 'When it begins, RFC 3339: `2026-12-20T00:00:00Z`.'}
#             to: {type: string, description: 'When it ends, RFC 3339.'}
#       exempt_teams:
#         type: array
#         items: {type: string, pattern: '[^ ]'}
#         default: []
#         description: Slugs of teams whose members are not held up.
#       allowed_actions:
#         type: array
#         items: {type: string}
#         default: [read]
#         description: What everybody may do all the same.
package plangate.access.freeze_window

import data.plangate.lib.teams

applicable contains "request" if restricted

deny contains sprintf("changes are frozen: %s", [name]) if {
	restricted
	not exempt
	not perhaps_exempt
	some name in open_windows
}

undetermined contains sprintf("changes are frozen (%s), and it cannot be told whether the actor is exempt", [name]) if {
	restricted
	not exempt
	perhaps_exempt
	some name in open_windows
}

undetermined contains "cannot tell whether changes are frozen: the time of the decision is not known" if {
	restricted
	not exempt
	not now
}

undetermined contains sprintf("freeze window `%s` does not say two times, the first before the second", [name]) if {
	restricted
	not exempt
	some name in broken_windows
}

# There is a window, and the action is one that windows stop.
restricted if {
	count(data.config.weekly) + count(data.config.dated) > 0
	not input.request.action in data.config.allowed_actions
}

exempt if teams.has_actor(data.config.exempt_teams)

perhaps_exempt if {
	count(data.config.exempt_teams) > 0
	not teams_known
}

teams_known if input.actor.teams_complete

now := time.parse_rfc3339_ns(input.time)

open_windows contains window.name if {
	some window in data.config.dated
	now >= time.parse_rfc3339_ns(window.from)
	now < time.parse_rfc3339_ns(window.to)
}

# Within one day.
open_windows contains window.name if {
	some window in data.config.weekly
	today in window.days
	hour >= window.from
	hour < window.to
}

# Over midnight: the evening.
open_windows contains window.name if {
	some window in data.config.weekly
	over_midnight(window)
	today in window.days
	hour >= window.from
}

# Over midnight: the morning after.
open_windows contains window.name if {
	some window in data.config.weekly
	over_midnight(window)
	yesterday in window.days
	hour < window.to
}

over_midnight(window) if window.to <= window.from

today := lower(time.weekday(now))

yesterday := lower(time.weekday(now - day))

# Hours and minutes with two digits each sort as texts.
hour := time.format([now, "UTC", "15:04"])

day := 86400000000000

# Windows that could never open, or not as meant.
broken_windows contains window.name if {
	some position, window in data.config.dated
	not position in sound_dated
}

broken_windows contains window.name if {
	some position, window in data.config.weekly
	not position in sound_weekly
}

sound_dated := {position |
	some position, window in data.config.dated
	time.parse_rfc3339_ns(window.from) < time.parse_rfc3339_ns(window.to)
}

sound_weekly := {position |
	some position, window in data.config.weekly
	regex.match("^([01][0-9]|2[0-3]):[0-5][0-9]$", window.from)
	regex.match("^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", window.to)
}
