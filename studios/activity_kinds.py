"""The words unions write for the kinds of activities. Pure: from a word to a kind and back."""

from studios.models import Activity

Kind = Activity.Kind

#: What a ledger says where nobody chose a word of his own; the first of each kind is the usual one.
WORDS = {
    Kind.MEETING: ("例会", "会议", "座谈", "推进会", "启动会", "通报会"),
    Kind.STUDY: ("学习", "集中学习", "自学"),
    Kind.TRAINING: ("培训", "研修", "实训"),
    Kind.EXHIBITION: ("创新成果展", "成果展", "展览", "展示"),
    Kind.ESSAY: ("征文",),
    Kind.LECTURE: ("讲座", "讲堂", "授课"),
    Kind.PRODUCT: ("新产品研发交流", "产品交流", "研发交流"),
    Kind.LAYOUT: ("工艺布局优化研讨", "布局研讨", "布局优化"),
    Kind.COMMENDATION: ("表彰", "表彰奖励", "表彰会"),
    Kind.CARE: ("关爱", "慰问"),
    Kind.VISIT: ("交流", "参观", "观摩", "对标", "走访"),
}


def kind_of(word: str) -> str:
    """The kind that a word means; the kind "other" for a word that nobody listed."""
    found = (kind for kind, words in WORDS.items() for known in words if known == word)
    return next(found, Kind.OTHER)


def word_for(activity: Activity) -> str:
    """What a ledger says about the kind of an activity."""
    return activity.kind_word or WORDS.get(activity.kind, ("",))[0]
