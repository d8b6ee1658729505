"""Who writes what and when: the same for the same seed."""

import random
from dataclasses import dataclass

# Questions that the documents answer, none of which tells of health or asks for a person.
QUESTIONS = (
    "How does red light relieve pain?",
    "Does it improve the circulation?",
    "What does it do to inflammation?",
    "Can I use it for joint discomfort?",
    "How long should a session be?",
    "How often should I use it?",
    "Is it good for tired muscles?",
    "What is nitric oxide?",
    "Where does this information come from?",
    "What does red light do to nerves?",
    "Which wavelengths does it use?",
    "Does it widen blood vessels?",
)
LONGEST_BURST = 4  # messages that a customer writes one after the other


@dataclass(frozen=True)
class Message:
    """What a customer is going to write.

    Attributes:
        number: of the customer's phone.
        at: when it is written, in seconds from the beginning.
        mark: what it can be known by in a text that holds several.
        repeated: after how many seconds it is delivered again; None: it is not.
    """

    number: str
    at: float
    mark: str
    text: str
    repeated: float | None


@dataclass(frozen=True)
class Plan:
    """What is written, and when a worker is killed, in seconds from the beginning, of which it takes `span`."""

    messages: tuple[Message, ...]
    kills: tuple[float, ...]
    span: float


def plan(messages: int, customers: int, kills: int, repeats: float, rate: float, seed: int) -> Plan:
    """A plan in which customers write in bursts, at a pace of their own.

    Args:
        repeats: the share of messages that are delivered again.
        rate: messages a second, on the average.
    """
    chance = random.Random(seed)
    span = max(30.0, messages / rate)
    times: list[tuple[float, int]] = []
    while len(times) < messages:
        # Everybody writes once; then some write more than others.
        everybody = len(times) >= customers
        who = int(customers * chance.random() ** 1.2) if everybody else len(times)
        at = chance.uniform(0, span)
        for _ in range(chance.randint(1, LONGEST_BURST) if everybody else 1):
            times.append((at, who))
            at += chance.uniform(0.3, 3.0)
    planned = []
    counts = [0] * customers
    for at, who in sorted(times[:messages]):
        counts[who] += 1
        mark = f"({who + 1}-{counts[who]})"
        repeated = None
        # Each comes with another message, which is repeated by that; half of them race with the first delivery.
        if chance.random() < repeats / 2:
            repeated = chance.choice((0.0, chance.uniform(0.5, 60.0)))
        text = f"{chance.choice(QUESTIONS)} {mark}"
        planned.append(Message(number_of(who), at, mark, text, repeated))
    moments = tuple(sorted(chance.uniform(0.05, 0.95) * span for _ in range(kills)))
    return Plan(tuple(planned), moments, span)


def number_of(customer: int) -> str:
    """The phone number of a customer; none of these exists."""
    return f"1650555{customer:04d}"
