namespace Distribution.Letters.Reading;

/// <summary>
/// The names of months and weekdays in the six official languages, as letters write them, full and shortened.
/// </summary>
internal static class DateWords
{
    /// <summary>From January on.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<string>> Months =
    [
        ["january", "jan", "janvier", "janv", "enero", "ene", "января", "янв", "يناير", "كانون الثاني"],
        ["february", "feb", "février", "févr", "febrero", "февраля", "фев", "فبراير", "شباط"],
        ["march", "mar", "mars", "marzo", "марта", "مارس", "آذار"],
        ["april", "apr", "avril", "avr", "abril", "abr", "апреля", "апр", "أبريل", "نيسان"],
        ["may", "mai", "mayo", "мая", "مايو", "أيار"],
        ["june", "jun", "juin", "junio", "июня", "يونيو", "حزيران"],
        ["july", "jul", "juillet", "juil", "julio", "июля", "يوليو", "تموز"],
        ["august", "aug", "août", "agosto", "ago", "августа", "авг", "أغسطس", "آب"],
        ["september", "sep", "sept", "septembre", "septiembre", "сентября", "сент", "سبتمبر", "أيلول"],
        ["october", "oct", "octobre", "octubre", "октября", "окт", "أكتوبر", "تشرين الأول"],
        ["november", "nov", "novembre", "noviembre", "ноября", "нояб", "نوفمبر", "تشرين الثاني"],
        ["december", "dec", "décembre", "déc", "diciembre", "dic", "декабря", "дек", "ديسمبر", "كانون الأول"],
    ];

    /// <summary>From Sunday on, as <see cref="DayOfWeek"/> counts.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<string>> Weekdays =
    [
        [
            "sunday", "sun", "dimanche", "dim", "domingo", "dom",
            "воскресенье", "воскресенья", "вс", "الأحد", "星期日", "星期天", "周日"
        ],
        [
            "monday", "mon", "lundi", "lun", "lunes",
            "понедельник", "понедельника", "понедельнику", "пн", "الاثنين", "الإثنين", "星期一", "周一"
        ],
        [
            "tuesday", "tues", "tue", "mardi", "mar", "martes",
            "вторник", "вторника", "вторнику", "вт", "الثلاثاء", "星期二", "周二"
        ],
        [
            "wednesday", "wed", "mercredi", "mer", "miércoles", "mié",
            "среда", "среду", "среды", "среде", "ср", "الأربعاء", "星期三", "周三"
        ],
        [
            "thursday", "thurs", "thur", "thu", "jeudi", "jeu", "jueves", "jue",
            "четверг", "четверга", "четвергу", "чт", "الخميس", "星期四", "周四"
        ],
        [
            "friday", "fri", "vendredi", "ven", "viernes", "vie",
            "пятница", "пятницу", "пятницы", "пятнице", "пт", "الجمعة", "星期五", "周五"
        ],
        [
            "saturday", "sat", "samedi", "sam", "sábado", "sáb",
            "суббота", "субботу", "субботы", "субботе", "сб", "السبت", "星期六", "周六"
        ],
    ];
}
