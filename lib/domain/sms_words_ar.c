/* SPDX-License-Identifier: Apache-2.0
 * Arabic words of text messages; the article and joined prefixes are left off (sms_text.c). */
#include "domain/sms_words.h"

/* clang-format off: a phrase is never broken over lines. */
static const struct sms_row rows[] = {
    /* Help */
    SMS_SAYS("نجده, ساعدوني, ساعدونا, ساعدني, مساعده, مساعدتكم, احتاج مساعده, احتاج الي مساعده, نحتاج مساعده, "
             "نحتاج الي مساعده, انقذونا, انقذوني, اغيثونا, اغاثه, طواري, حاله طواري, عاجل, استغاثه, الحقونا, "
             "sa3iduni, sa3iduna, sa3idouni, sa3idouna, sa3douni, sa3douna, saiduni, saiduna, saidouni, "
             "saidouna, musa3ada, mosa3ada, mousa3ada, musaada, mousaada, najda, najdah, ennajda, an9idouna",
             NEED_HELP),
    /* Not well, said outright */
    SMS_SAYS("لست بخير, لسنا بخير, مش بخير, مو بخير, ليس بخير, ليست بخير", NEED_HELP),
    SMS_SAYS(
        "khatar, fi khatar, خطر, في خطر, غير امن, غير امنين, لسنا في امان, لست في امان, مسلحين, مسلحون, تهديد, مهدد, "
        "مهددون, حريق, ارهابيين",
        IN_DANGER),
    SMS_SAYS("جريح, جرحي, مجروح, مصاب, مصابه, مصابين, مصابون, اصابه, اصيب, اصابات, كسر", INJURED),
    SMS_GRAVE("نزيف, ينزف, تنزف, فاقد الوعي, فاقده الوعي", INJURED, MEDICAL_EMERGENCY),
    SMS_GRAVE("هجوم, هاجمونا, اغتصاب, ضربونا, اعتداء", IN_DANGER, VIOLENCE),
    {"مخطوف, خطف, اختطاف, رهينه, رهائن, خطفوا", SMS_STATUS, STATUS_IN_DANGER,
     SMS_NEEDS(DETAINED) | SMS_NEEDS(VIOLENCE)},
    /* Well */
    SMS_ROW("bikhair, bikhayr, bikheir, bekheir, bkhair, bkheir, ana bikhair, بخير, نحن بخير, انا بخير, كلنا بخير, "
            "تمام, كويس, كويسين, الحمد لله بخير",
            WELL),
    SMS_ROW("امن, امنه, امنين, امنون, في امان, بامان, سالم, سالمين, سالمون", SAFE),
    /* No help wanted */
    SMS_ROW("لا نحتاج مساعده, لا احتاج مساعده, لا نحتاج الي مساعده, لا احتاج الي مساعده", NO_HELP),
    /* On the move */
    SMS_SAYS("في الطريق, متجهين, متجهون, نتحرك, مغادرون, نغادر, متوجهون, الي الحدود", MOVING),
    SMS_SAYS("غادرنا النيجر, غادرت النيجر, خارج النيجر, غادرنا البلاد, غادرت البلاد", DEPARTED),
    /* What people lack */
    SMS_ROW("احتاج, نحتاج, محتاج, محتاجين, اريد, نريد, بحاجه, نفد, نفذ, انتهي, ينقصنا, عاوز", REQUEST),
    SMS_THING("دواء, ادويه, انسولين, دوا, علاج, سكري", MEDICATION),
    SMS_THING("طبيب, دكتور, مستشفي, اسعاف", MEDICAL_EMERGENCY),
    SMS_STATE("مريض, مريضه, مرضي, ولاده, تلد, يموت, نموت, حمي, ازمه قلبيه, لا يتنفس, لا تتنفس, لا اتنفس, لا يستطيع "
              "التنفس, لا استطيع التنفس",
              MEDICAL_EMERGENCY),
    SMS_STATE("حامل, حوامل", PREGNANT),
    SMS_STATE("رضيع, رضيعه, طفل رضيع", INFANT),
    SMS_STATE("طفل وحده, طفل لوحده, بدون اهله, اطفال وحدهم", UNACCOMPANIED_MINOR),
    SMS_STATE("معتقل, معتقله, معتقلين, اعتقال, سجن, محتجز, محتجزين, اعتقلوا", DETAINED),
    SMS_THING("ماء, مياه, طعام, اكل, جوع, عطش, حليب", FOOD_WATER),
    SMS_THING("مال, فلوس, نقود, اموال", MONEY),
    SMS_THING("ماوي, سكن, ملجا", SHELTER),
    SMS_THING("جواز, جواز سفر, وثائق, اوراق", DOCUMENTS),
    SMS_THING("سياره, نقل, وقود, بنزين", TRANSPORT),
    /* Closed in, weapons */
    SMS_ROW("محاصر, محاصره, محاصرين, محاصرون, عالق, عالقه, عالقين, عالقون, لا نستطيع الخروج, "
            "لا استطيع الخروج, لا يمكننا الخروج",
            TRAPPED),
    SMS_ROW("اطلاق نار, اطلاق النار, رصاص, قصف, انفجار, انفجارات, قنابل, اشتباكات", UNDER_FIRE),
    SMS_ROW("اجلاء, اخلاء, اجلونا, مغادره البلاد, نريد مغادره, اخرجونا", EVACUATE),
    /* Denials */
    SMS_ROW("لا, لست, لسنا, ليس, ليست, غير, مش, مو, لم, لن", NOT),
    SMS_ROW("بدون, بلا, لا يوجد, لا احد, مافي, مفيش, ما عندنا, ليس لدينا", NO),
    SMS_ROW("لكن, ولكن", BUT),
    SMS_ROW("او", OR),
    /* Subjects */
    SMS_ROW("انا, هو, هي, هم, زوجتي, زوجي, ابني, ابنتي, عائلتي, معي", SUBJECT),
    /* People */
    SMS_ROW("نحن, احنا, عددنا", WE_ARE),
    SMS_ROW("اشخاص, شخص, افراد, فرد, نفر, اجلهم", PEOPLE),
    SMS_ROW("اطفال, طفل, اولاد", CHILDREN),
    /* Where */
    {"في, قرب, عند, بجانب", SMS_PREPOSITION, 1, 0},
    {"الي, من", SMS_PREPOSITION, 0, 0},
    /* Nothing by themselves */
    SMS_ROW("من فضلكم, من فضلك, شكرا, سلام عليكم, سلام, مرحبا, جدا, الان, هنا, يا, علي, عن, مع, كل, هذا, "
            "هذه, نعم, حمد لله, ارجوكم, بسرعه, كلنا, و, ana, ne7na, na7nu, nahnu, alhamdulillah, alhamdoulillah, "
            "hamdulillah, hamdoulillah, salam alaykum, "
            "salam aleikoum, shukran, choukran",
            FILLER),
    /* An end to broadcasts */
    SMS_ROW("توقف, ايقاف, الغاء", STOP),
    /* A case code may follow */
    SMS_ROW("رقم, رمز, ملف", CODE_LABEL),
    SMS_COUNT_OF("اثنين", 2),
    SMS_COUNT_OF("ثلاثه", 3),
    SMS_COUNT_OF("اربعه", 4),
    SMS_COUNT_OF("خمسه", 5),
};
/* clang-format on */

const struct sms_lexicon sms_words_ar = {"ar", rows, sizeof(rows) / sizeof(rows[0])};
