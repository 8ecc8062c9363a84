/* SPDX-License-Identifier: Apache-2.0
 * The towns of Niger, each under the names people type, and what is known of places beside. Positions: GeoNames (https://www.geonames.org, CC BY 4.0). */
#include "domain/gazetteer.h"

#include "domain/gazetteer_table.h"

/* Folded as sms_text.h does and in the order of their bytes; a second name of a town is a second row. */
static const struct gazetteer_place niger[] = {
    {"abala", "Abala", "", 14.9369, 3.4336, GAZETTEER_TOWN, false},
    {"abalak", "Abalak", "", 15.4509, 6.2793, GAZETTEER_TOWN, false},
    {"aderbissinat", "Adérbissinat", "", 15.6275, 7.8945, GAZETTEER_TOWN, false},
    {"agadez", "Agadez", "", 16.9733, 7.9911, GAZETTEER_TOWN, false},
    {"aguie", "Aguié", "", 13.5060, 7.7786, GAZETTEER_TOWN, false},
    {"arlit", "Arlit", "", 18.7369, 7.3853, GAZETTEER_TOWN, false},
    {"ayorou", "Ayorou", "", 14.7308, 0.9174, GAZETTEER_TOWN, false},
    {"bagaroua", "Bagaroua", "", 14.6362, 4.3490, GAZETTEER_TOWN, false},
    {"baleyara", "Baléyara", "", 13.7838, 2.9523, GAZETTEER_TOWN, false},
    {"balleyara", "Baléyara", "", 13.7838, 2.9523, GAZETTEER_TOWN, false},
    {"bani bangou", "Bani Bangou", "", 15.0416, 2.7037, GAZETTEER_TOWN, false},
    {"bankilare", "Bankilaré", "", 14.5765, 0.7267, GAZETTEER_TOWN, false},
    {"belbeji", "Bélbéji", "", 14.6769, 7.9828, GAZETTEER_TOWN, false},
    {"bermo", "Bermo", "", 14.7082, 6.6191, GAZETTEER_TOWN, false},
    {"bilma", "Bilma", "", 18.6853, 12.9164, GAZETTEER_TOWN, false},
    {"birni gaoure", "Birnin Gaouré", "", 13.0817, 2.9110, GAZETTEER_TOWN, false},
    {"birni konni", "Birni N Konni", "", 13.7960, 5.2503, GAZETTEER_TOWN, false},
    {"birni n gaoure", "Birnin Gaouré", "", 13.0817, 2.9110, GAZETTEER_TOWN, false},
    {"birni n konni", "Birni N Konni", "", 13.7960, 5.2503, GAZETTEER_TOWN, false},
    {"birnin gaoure", "Birnin Gaouré", "", 13.0817, 2.9110, GAZETTEER_TOWN, false},
    {"birnin konni", "Birni N Konni", "", 13.7960, 5.2503, GAZETTEER_TOWN, false},
    {"bkonni", "Birni N Konni", "", 13.7960, 5.2503, GAZETTEER_TOWN, false},
    {"boboye", "Birnin Gaouré", "", 13.0817, 2.9110, GAZETTEER_TOWN, false},
    {"bosso", "Bosso", "", 13.6987, 13.3095, GAZETTEER_TOWN, false},
    {"bouza", "Bouza", "", 14.4229, 6.0428, GAZETTEER_TOWN, false},
    {"dakoro", "Dakoro", "", 14.5106, 6.7650, GAZETTEER_TOWN, false},
    {"damagaram taker", "Damagaram Takèr", "", 14.1377, 9.4842, GAZETTEER_TOWN, false},
    {"diffa", "Diffa", "", 13.3154, 12.6113, GAZETTEER_TOWN, false},
    {"dioundiou", "Dioundiou", "", 12.6168, 3.5443, GAZETTEER_TOWN, false},
    {"dogon doutchi", "Dogondoutchi", "", 13.6403, 4.0265, GAZETTEER_TOWN, false},
    {"dogondoutchi", "Dogondoutchi", "", 13.6403, 4.0265, GAZETTEER_TOWN, false},
    {"dosso", "Dosso", "", 13.0490, 3.1937, GAZETTEER_TOWN, false},
    {"doutchi", "Dogondoutchi", "", 13.6403, 4.0265, GAZETTEER_TOWN, false},
    {"dungas", "Dungas", "", 13.0615, 9.3434, GAZETTEER_TOWN, false},
    {"fachi", "Fachi", "", 18.0979, 11.5859, GAZETTEER_TOWN, false},
    {"falmey", "Falmey", "", 12.5954, 2.8511, GAZETTEER_TOWN, false},
    {"filinge", "Filingué", "", 14.3521, 3.3168, GAZETTEER_TOWN, false},
    {"filingue", "Filingué", "", 14.3521, 3.3168, GAZETTEER_TOWN, false},
    {"gaya", "Gaya", "", 11.8843, 3.4492, GAZETTEER_TOWN, false},
    {"gazaoua", "Gazaoua", "", 13.5258, 7.9140, GAZETTEER_TOWN, false},
    {"gotheye", "Gothèye", "", 13.8559, 1.5671, GAZETTEER_TOWN, false},
    {"goudoumaria", "Goudoumaria", "", 13.7109, 11.1885, GAZETTEER_TOWN, false},
    {"goure", "Gouré", "", 13.9835, 10.2704, GAZETTEER_TOWN, false},
    {"guidan roumdji", "Guidan Roumdji", "", 13.6576, 6.6957, GAZETTEER_TOWN, false},
    {"guidan rumji", "Guidan Roumdji", "", 13.6576, 6.6957, GAZETTEER_TOWN, false},
    {"i n gall", "I-n-Gall", "", 16.7878, 6.9342, GAZETTEER_TOWN, false},
    {"i n ouagar", "I-n-Ouagar", "", 14.9259, 5.9763, GAZETTEER_TOWN, false},
    {"iferouan", "Iferouâne", "", 19.0625, 8.4200, GAZETTEER_TOWN, false},
    {"iferouane", "Iferouâne", "", 19.0625, 8.4200, GAZETTEER_TOWN, false},
    {"illela", "Illéla", "", 14.4605, 5.2437, GAZETTEER_TOWN, false},
    {"in gall", "I-n-Gall", "", 16.7878, 6.9342, GAZETTEER_TOWN, false},
    {"ingall", "I-n-Gall", "", 16.7878, 6.9342, GAZETTEER_TOWN, false},
    {"kantche", "Kantché", "", 13.5393, 8.4629, GAZETTEER_TOWN, false},
    {"keita", "Keïta", "", 14.7551, 5.7749, GAZETTEER_TOWN, false},
    {"kollo", "Kollo", "", 13.3043, 2.3390, GAZETTEER_TOWN, false},
    {"konni", "Birni N Konni", "", 13.7960, 5.2503, GAZETTEER_TOWN, false},
    {"loga", "Loga", "", 13.6132, 3.2358, GAZETTEER_TOWN, false},
    {"madaoua", "Madaoua", "", 14.0730, 5.9600, GAZETTEER_TOWN, false},
    {"madarounfa", "Madarounfa", "", 13.3087, 7.1560, GAZETTEER_TOWN, false},
    {"magaria", "Magaria", "", 12.9983, 8.9099, GAZETTEER_TOWN, false},
    {"maine soroa", "Maïné Soroa", "", 13.2114, 12.0241, GAZETTEER_TOWN, false},
    {"mainesoroa", "Maïné Soroa", "", 13.2114, 12.0241, GAZETTEER_TOWN, false},
    {"malbaza", "Malbaza", "", 13.9271, 5.5203, GAZETTEER_TOWN, false},
    {"maradi", "Maradi", "", 13.5000, 7.1017, GAZETTEER_TOWN, false},
    {"matamey", "Matamey", "", 13.4231, 8.4748, GAZETTEER_TOWN, false},
    {"matameye", "Matamey", "", 13.4231, 8.4748, GAZETTEER_TOWN, false},
    {"mayahi", "Mayahi", "", 13.9553, 7.6712, GAZETTEER_TOWN, false},
    {"mehana", "Méhana", "", 14.3939, 1.1338, GAZETTEER_TOWN, false},
    {"mirria", "Mirriah", "", 13.7073, 9.1501, GAZETTEER_TOWN, false},
    {"mirriah", "Mirriah", "", 13.7073, 9.1501, GAZETTEER_TOWN, false},
    {"n guigmi", "Nguigmi", "", 14.2495, 13.1092, GAZETTEER_TOWN, false},
    {"ngourti", "Ngourti", "", 15.3313, 13.1993, GAZETTEER_TOWN, false},
    {"nguigmi", "Nguigmi", "", 14.2495, 13.1092, GAZETTEER_TOWN, false},
    {"niame", "Niamey", "", 13.5137, 2.1098, GAZETTEER_TOWN, false},
    {"niamey", "Niamey", "", 13.5137, 2.1098, GAZETTEER_TOWN, false},
    {"ouallam", "Ouallam", "", 14.3164, 2.0860, GAZETTEER_TOWN, false},
    {"say", "Say", "", 13.1007, 2.3689, GAZETTEER_TOWN, true},
    {"tahoua", "Tahoua", "", 14.8888, 5.2692, GAZETTEER_TOWN, false},
    {"takieta", "Takiéta", "", 13.6807, 8.5290, GAZETTEER_TOWN, false},
    {"tanout", "Tanout", "", 14.9709, 8.8879, GAZETTEER_TOWN, false},
    {"tasker", "Tasker", "", 15.1174, 10.6969, GAZETTEER_TOWN, true},
    {"tassara", "Tassara", "", 16.8047, 5.6442, GAZETTEER_TOWN, false},
    {"tchin tabaraden", "Tchin Tabaradèn", "", 15.8969, 5.7985, GAZETTEER_TOWN, false},
    {"tchinta", "Tchin Tabaradèn", "", 15.8969, 5.7985, GAZETTEER_TOWN, false},
    {"tchintabaraden", "Tchin Tabaradèn", "", 15.8969, 5.7985, GAZETTEER_TOWN, false},
    {"tchirozerine", "Tchirozérine", "", 17.2210, 7.7614, GAZETTEER_TOWN, false},
    {"tera", "Téra", "", 14.0078, 0.7531, GAZETTEER_TOWN, false},
    {"tessaoua", "Tessaoua", "", 13.7574, 7.9874, GAZETTEER_TOWN, false},
    {"tilaberi", "Tillabéri", "", 14.2071, 1.4542, GAZETTEER_TOWN, false},
    {"tillaberi", "Tillabéri", "", 14.2071, 1.4542, GAZETTEER_TOWN, false},
    {"tillabery", "Tillabéri", "", 14.2071, 1.4542, GAZETTEER_TOWN, false},
    {"tillia", "Tillia", "", 16.1233, 4.7897, GAZETTEER_TOWN, false},
    {"torodi", "Torodi", "", 13.1191, 1.7987, GAZETTEER_TOWN, false},
    {"zinder", "Zinder", "", 13.8072, 8.9881, GAZETTEER_TOWN, false},
    {"ارليت", "Arlit", "", 18.7369, 7.3853, GAZETTEER_TOWN, false},
    {"اغاديز", "Agadez", "", 16.9733, 7.9911, GAZETTEER_TOWN, false},
    {"دوسو", "Dosso", "", 13.0490, 3.1937, GAZETTEER_TOWN, false},
    {"ديفا", "Diffa", "", 13.3154, 12.6113, GAZETTEER_TOWN, false},
    {"زيندر", "Zinder", "", 13.8072, 8.9881, GAZETTEER_TOWN, false},
    {"طاوه", "Tahoua", "", 14.8888, 5.2692, GAZETTEER_TOWN, false},
    {"مرادي", "Maradi", "", 13.5000, 7.1017, GAZETTEER_TOWN, false},
    {"نيامي", "Niamey", "", 13.5137, 2.1098, GAZETTEER_TOWN, false},
};

static const struct gazetteer shipped[] = {
    {niger, sizeof(niger) / sizeof(niger[0]), NULL, 0, NULL},
    {NULL, 0, NULL, 0, NULL},
};

const struct gazetteer *gazetteer_of_country(struct slice country)
{
    return &shipped[slice_equal(country, SLICE("NE")) ? 0 : 1];
}

size_t gazetteer_count(const struct gazetteer *gazetteer)
{
    return gazetteer->count;
}

const struct gazetteer_place *gazetteer_at(const struct gazetteer *gazetteer, size_t index)
{
    return index < gazetteer->count ? &gazetteer->places[index] : NULL;
}

const struct gazetteer_place *gazetteer_find(const struct gazetteer *gazetteer, struct slice folded_name, size_t *count)
{
    size_t low = 0;
    size_t high = gazetteer->count;
    *count = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(slice_of(gazetteer->places[middle].folded), folded_name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (low + *count < gazetteer->count &&
           slice_equal(slice_of(gazetteer->places[low + *count].folded), folded_name)) {
        ++*count;
    }
    return *count > 0 ? &gazetteer->places[low] : NULL;
}

static bool is_among_names(const struct gazetteer *gazetteer, struct slice word)
{
    for (size_t i = 0; i < gazetteer->count; i++) {
        struct slice name = slice_of(gazetteer->places[i].folded);
        struct slice part;
        while (slice_split(&name, ' ', &part)) {
            if (slice_equal(part, word)) {
                return true;
            }
        }
    }
    return false;
}

bool gazetteer_has_word(const struct gazetteer *gazetteer, struct slice word)
{
    size_t low = 0;
    size_t high = gazetteer->word_count;
    if (gazetteer->words == NULL) {
        return is_among_names(gazetteer, word);
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(gazetteer->words[middle], word);
        if (order == 0) {
            return true;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return false;
}

const struct gazetteer *gazetteer_shipped(const struct gazetteer *gazetteer)
{
    return gazetteer->shipped != NULL ? gazetteer->shipped : gazetteer;
}

const struct gazetteer_place *gazetteer_town(const struct gazetteer *gazetteer, struct slice folded_name)
{
    size_t count = 0;
    const struct gazetteer_place *found = gazetteer_find(gazetteer, folded_name, &count);
    for (size_t i = 0; i < count; i++) {
        if (found[i].kind == GAZETTEER_TOWN) {
            return &found[i];
        }
    }
    return NULL;
}

double gazetteer_accuracy(enum gazetteer_kind kind)
{
    static const double metres[] = {[GAZETTEER_TOWN] = GAZETTEER_ACCURACY_M,
                                    [GAZETTEER_QUARTER] = 1500,
                                    [GAZETTEER_LANDMARK] = 1000,
                                    [GAZETTEER_CROSSING] = 3000};
    return metres[kind];
}
